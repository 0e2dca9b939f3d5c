package database

// Queue puts a value and gives where its result will come, so that a test knows when
// the queue is full.
func (b *Batcher[K, V]) Queue(key K, value V) <-chan error { return b.enqueue(key, value) }

// WithoutArguments is what the log shows of a statement.
func WithoutArguments(query string) string { return withoutArguments(query) }
