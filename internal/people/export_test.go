package people

// Hashed is how many hashes the store has made or compared.
func (s Store) Hashed() int64 { return s.hasher.counted.Load() }

// Quick is the same store with hashes that cost next to nothing.
func (s Store) Quick() Store {
	s.hasher = &hasher{places: make(chan struct{}, 8), passes: 1, memory: 64}
	return s
}

// CheckSecret is the rule for new secrets.
func CheckSecret(secret string, pinAllowed bool, names ...string) error {
	_, err := checkSecret(secret, pinAllowed, names...)
	return err
}
