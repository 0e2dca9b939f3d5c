module github.com/metropolitan-peace-academy/academy

go 1.26
