package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
)

// rate is n requests in a time.
type rate struct {
	n   int
	per time.Duration
}

// addressLimits counts requests by address and route in buckets that refill. It keeps
// only a keyed hash of an address, and forgets a bucket that is full again.
type addressLimits struct {
	key     []byte
	now     clock.Clock
	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	left float64
	at   time.Time
	rate rate
}

func newAddressLimits(key []byte, now clock.Clock) *addressLimits {
	return &addressLimits{key: derive(key, "addresses"), now: now, buckets: map[string]*bucket{}}
}

// take uses up one request of the address at the route, or answers that there were too many.
func (l *addressLimits) take(c *fiber.Ctx, r *Route) error {
	if r.perAddress == nil {
		return nil
	}
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(r.Method + r.Pattern + "\n" + network(address(c))))
	wait := l.spend(string(mac.Sum(nil)), *r.perAddress)
	if wait > 0 {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(wait.Seconds())+1))
		return errTooMany
	}
	return nil
}

func (l *addressLimits) spend(name string, r rate) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.sweep(now)
	b := l.buckets[name]
	if b == nil {
		b = &bucket{left: float64(r.n), at: now, rate: r}
		l.buckets[name] = b
	}
	b.refill(now)
	if b.left < 1 {
		return time.Duration((1 - b.left) * float64(r.per) / float64(r.n))
	}
	b.left--
	return 0
}

// refill adds what the time since has earned. A clock that was set back takes nothing away.
func (b *bucket) refill(now time.Time) {
	since := max(0, now.Sub(b.at))
	b.left = min(float64(b.rate.n), b.left+float64(b.rate.n)*float64(since)/float64(b.rate.per))
	b.at = now
}

// sweep forgets, once a minute, what is full again.
func (l *addressLimits) sweep(now time.Time) {
	if since := now.Sub(l.swept); since >= 0 && since < time.Minute {
		return
	}
	l.swept = now
	for name, b := range l.buckets {
		if b.refill(now); b.left >= float64(b.rate.n) {
			delete(l.buckets, name)
		}
	}
}

// address is where a request comes from: the peer or, behind a trusted proxy, the
// last address of X-Forwarded-For that the proxy itself put there.
func address(c *fiber.Ctx) string {
	peer := c.Context().RemoteIP().String()
	if !c.IsProxyTrusted() {
		return peer
	}
	forwarded := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
	last := strings.TrimSpace(forwarded[len(forwarded)-1])
	if net.ParseIP(last) == nil {
		return peer
	}
	return last
}

// network is what one household or phone holds: an IPv4 address, or the /64 of an IPv6 one.
func network(address string) string {
	ip := net.ParseIP(address)
	if ip == nil || ip.To4() != nil {
		return address
	}
	return ip.Mask(net.CIDRMask(64, 128)).String()
}

// AddressKey is a keyed hash of where a request comes from, for limits that people keep
// in the database; the address itself is stored nowhere.
func AddressKey(c *fiber.Ctx) string {
	l := visitOf(c.UserContext()).app.limits
	mac := hmac.New(sha256.New, l.key)
	mac.Write([]byte(network(address(c))))
	return hexOf(mac.Sum(nil)[:16])
}
