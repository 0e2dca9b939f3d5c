package web

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// door is where callers come in. Once it was closed it does not open, for a program that
// is told to stop at the moment in which it starts.
type door struct {
	mu     sync.Mutex
	who    *callers
	closed bool
}

func (d *door) open(l net.Listener) (*callers, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, false
	}
	d.who = newCallers(l)
	return d.who, true
}

func (d *door) close() *callers {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.who
}

// callers are the open connections of a listener. fasthttp takes one that was only
// opened, as browsers do ahead of time, for a request in flight, and would wait for it
// at the end; and what it gives up waiting for it leaves open, with half an upload.
type callers struct {
	net.Listener
	mu    sync.Mutex
	open  map[*caller]bool
	ended bool
	gone  chan struct{} // closed once it has ended and the last has left
}

func newCallers(l net.Listener) *callers {
	return &callers{Listener: l, open: map[*caller]bool{}, gone: make(chan struct{})}
}

// Accept takes the next connection; none once it has ended.
func (l *callers) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		tcp, ok := conn.(*net.TCPConn)
		if !ok {
			return conn, nil
		}
		c := &caller{TCPConn: tcp, of: l}
		if l.admit(c) {
			return c, nil
		}
		_ = tcp.Close()
	}
}

func (l *callers) admit(c *caller) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.ended {
		l.open[c] = true
	}
	return !l.ended
}

// end takes nobody new and hangs up on who has not said a word.
func (l *callers) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	_ = l.Listener.Close()
	for c := range l.open {
		if !c.spoke.Load() {
			delete(l.open, c)
			_ = c.TCPConn.Close()
		}
	}
	l.lastGone()
}

// Close takes nobody new. fasthttp calls it too, when that was done already.
func (l *callers) Close() error {
	l.end()
	return nil
}

// cutOff hangs up on everybody, and waits a while until what was being done for them
// has noticed and cleared up. It tells how many there were.
func (l *callers) cutOff(wait time.Duration) int {
	l.mu.Lock()
	n := len(l.open)
	for c := range l.open {
		_ = c.TCPConn.Close()
	}
	l.mu.Unlock()
	select {
	case <-l.gone:
	case <-time.After(wait):
	}
	return n
}

func (l *callers) leave(c *caller) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open[c] {
		delete(l.open, c)
		l.lastGone()
	}
}

func (l *callers) lastGone() {
	if l.ended && len(l.open) == 0 {
		close(l.gone)
	}
}

// caller is one connection of a browser or a proxy.
type caller struct {
	*net.TCPConn
	of    *callers
	spoke atomic.Bool
}

// Read notes that the caller has said something.
func (c *caller) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	if n > 0 {
		c.spoke.Store(true)
	}
	return n, err
}

// Close hangs up. fasthttp does it when the request is done with.
func (c *caller) Close() error {
	c.of.leave(c)
	return c.TCPConn.Close()
}
