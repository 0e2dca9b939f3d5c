package people

import "context"

// Hashed is how many hashes the store has made or compared.
func (s Store) Hashed() int64 { return s.hasher.counted.Load() }

// Quick is the same store with hashes that cost next to nothing.
func (s Store) Quick() Store {
	s.hasher = &hasher{places: make(chan struct{}, 8), passes: 1, memory: 64}
	return s
}

// Crowd takes every place in which this store hashes, as people at the door would, and
// says how many there were.
func (s Store) Crowd() (places int, leave func()) {
	places = cap(s.hasher.places)
	for range places {
		s.hasher.places <- struct{}{}
	}
	return places, func() {
		for range places {
			<-s.hasher.places
		}
	}
}

// Hash hashes a secret as the door does.
func (s Store) Hash(ctx context.Context, secret string) (string, error) {
	return s.hasher.hash(ctx, secret)
}

// CheckSecret is the rule for new secrets.
func CheckSecret(secret string, pinAllowed bool, names ...string) error {
	_, err := checkSecret(secret, pinAllowed, names...)
	return err
}
