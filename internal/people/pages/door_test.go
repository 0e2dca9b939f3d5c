package pages_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestSigningInAndOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser(t)
		b.get("/sign-in").expect(t, "the door", 200, "Sign in", "Whose device is this?", "I have a code")
		a := b.post("/sign-in", url.Values{"name": {"<script>x"}, "password": {"wrong"}, "next": {"/me"}})
		a.expect(t, "an unknown name", 422, "do not match", "&lt;script&gt;x", `value="/me"`, "!wrong\"")
		unknown := strings.ReplaceAll(a.body, "&lt;script&gt;x", "NAME")
		a = b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {"wrong"}, "next": {"/me"}})
		a.expect(t, "a wrong password", 422, "do not match")
		if known := strings.ReplaceAll(a.body, "maya@example.org", "NAME"); known != unknown {
			t.Errorf("a known name is answered otherwise:\n%s\n%s", known, unknown)
		}
		a = b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {right}, "next": {"/me"}})
		if a.StatusCode != 303 || a.to() != "/me" {
			t.Fatalf("%d to %q", a.StatusCode, a.to())
		}
		b.get("/me").expect(t, "me", 200, "Maya", "This device")
		if a = b.get("/sign-in?next=/me/record"); a.StatusCode != 303 || a.to() != "/me/record" {
			t.Errorf("at the door again: %d to %q", a.StatusCode, a.to())
		}
		old := b.cookies["__Host-academy"]
		if a = b.post("/sign-out", nil); a.StatusCode != 303 || a.to() != "/sign-in" || b.cookies["__Host-academy"] != "" {
			t.Errorf("signing out: %d to %q, cookies %v", a.StatusCode, a.to(), b.cookies)
		}
		b.cookies["__Host-academy"] = old
		if a = b.get("/me"); a.StatusCode != 303 || !strings.HasPrefix(a.to(), "/sign-in") {
			t.Errorf("with the old token: %d to %q", a.StatusCode, a.to())
		}
	})
}

func TestSharedPhoneIsClearedAndSignsItselfOut(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser(t)
		a := b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {right}, "phone": {"shared"}})
		for _, c := range a.Cookies() {
			if c.Name == "__Host-academy" && c.MaxAge != 0 {
				t.Errorf("a shared phone's cookie is kept %d seconds", c.MaxAge)
			}
		}
		b.get("/me").expect(t, "me", 200, "Shared")
		if a := b.post("/sign-out", nil); a.Header.Get("Clear-Site-Data") != `"cache"` {
			t.Errorf("Clear-Site-Data %q", a.Header.Get("Clear-Site-Data"))
		}
		b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {right}, "phone": {"shared"}})
		h.now = h.now.Add(15 * time.Minute)
		if a := b.get("/me"); a.StatusCode != 303 {
			t.Errorf("after 15 idle minutes: %d", a.StatusCode)
		}

		// The page that lies open signs out when its time is over; by then the session has
		// ended by itself, and the device is cleared all the same.
		b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {right}, "phone": {"shared"}})
		token := b.token()
		h.now = h.now.Add(15*time.Minute + time.Second)
		a = b.postWith(token, "/sign-out", nil)
		if a.StatusCode != 303 || a.to() != "/sign-in" || a.Header.Get("Clear-Site-Data") != `"cache"` || b.cookies["__Host-academy"] != "" {
			t.Errorf("signed out by the page after its time: %d to %q, Clear-Site-Data %q", a.StatusCode, a.to(), a.Header.Get("Clear-Site-Data"))
		}
	})
}

func TestTooManyTriesAnswer429WithASentence(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser(t)
		for range 5 {
			b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {"wrong"}}).expect(t, "a slip", 422)
		}
		a := b.post("/sign-in", url.Values{"name": {"maya@example.org"}, "password": {right}})
		a.expect(t, "the sixth", 429, "Wait one minute", "maya@example.org")
		if a.Header.Get("Retry-After") == "" {
			t.Error("nothing says after how long")
		}
	})
}

func TestBehindAProxyEachAddressHasItsOwnTries(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		wrong := url.Values{"name": {"maya@example.org"}, "password": {"wrong"}}
		good := url.Values{"name": {"maya@example.org"}, "password": {right}}
		for i, row := range []struct{ attacker, neighbour string }{
			{"203.0.113.7", "203.0.113.8"},
			{"2001:db8:1:2::1", "2001:db8:1:3::1"},
		} {
			for range 5 {
				h.browserAt(t, row.attacker).post("/sign-in", wrong).expect(t, "a guess", 422)
			}
			h.browserAt(t, row.attacker).post("/sign-in", good).expect(t, "the attacker's sixth", 429)
			if a := h.browserAt(t, row.neighbour).post("/sign-in", good); a.StatusCode != 303 {
				t.Errorf("row %d: the owner elsewhere is locked out: %d", i, a.StatusCode)
			}
		}
		h.browserAt(t, "2001:db8:1:2::99").post("/sign-in", good).expect(t, "another address of the same household", 429)
	})
}

var address = regexp.MustCompile(`https://academy\.example\.org(/[A-Za-z0-9/_-]+)`)

// link is the address that a page or a letter shows.
func link(t *testing.T, text string) string {
	t.Helper()
	found := address.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no address in %s", text)
	}
	return found[1]
}

func TestInvitationFromTheCoordinatorsPageToWelcome(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		carla := h.as(t, "carla")
		a := carla.post("/people", url.Values{"given_name": {"Teófilo"}, "family_name": {"<script>Rivas"}, "phone": {"312 555 0177"}, "language": {"es"}})
		if a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		page := strings.TrimSuffix(a.to(), "?done=added")
		carla.get(a.to()).expect(t, "the new account", 200, "The account is made", "Not signed in yet", "+1 312 555 0177", "!E-mail:")
		a = carla.post(page+"/links", url.Values{"kind": {"invitation"}})
		a.expect(t, "the link", 200, "Invitation link", `class="qr"`, "shown only now")
		invitation := link(t, a.body)

		b := h.browser(t)
		for range 2 {
			b.get(invitation).expect(t, "the invitation", 200, "Le damos la bienvenida", "+1 312 555 0177")
		}
		a = b.post(invitation, url.Values{"language": {"es"}, "chosen_name": {"Teo"}, "secret": {"123456"}})
		a.expect(t, "a PIN that all guess", 422, "fácil de adivinar", `value="Teo"`, "!value=\"123456\"")
		if a = b.post(invitation, url.Values{"language": {"es"}, "chosen_name": {"Teo"}, "secret": {"804129"}}); a.StatusCode != 303 || a.to() != "/welcome" {
			t.Fatalf("%d to %q\n%s", a.StatusCode, a.to(), a.body)
		}
		b.get("/me").expect(t, "his page", 200, "Teo", `lang="es"`, "Quién abrió mi registro")
		b.get("/me/record").expect(t, "who opened his record", 200, "Carla", "Abrió su registro", "!Carlason")
		h.browser(t).get(invitation).expect(t, "the invitation again", 404, "does not work any more")
		h.browser(t).post(invitation, url.Values{"language": {"es"}, "secret": {"904129"}}).expect(t, "and its button", 404, "does not work any more")
		carla.get(page).expect(t, "his account", 200, "Active", "Teo")
	})
}

func TestCodeFromHandToHand(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		carla := h.as(t, "carla")
		a := carla.post("/people/"+string(h.people["maya"])+"/links", url.Values{"kind": {"hand_over"}})
		a.expect(t, "the code", 200, "Code to hand over", `class="code"`)
		code := regexp.MustCompile(`[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}`).FindString(a.body)
		if code == "" {
			t.Fatal(a.body)
		}
		b := h.browser(t)
		b.get("/invitation").expect(t, "where it is typed", 200, "Type your code")
		b.post("/invitation", url.Values{"code": {"<script>"}}).expect(t, "a wrong code", 422, "This code does not work")
		a = b.post("/invitation", url.Values{"code": {strings.ToLower(code)}})
		if a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		b.get(a.to()).expect(t, "its page", 200, "Choose a new password", "maya@example.org")
		if a = b.post(a.to(), url.Values{"language": {"en"}, "secret": {"other words for her"}}); a.StatusCode != 303 || a.to() != "/" {
			t.Errorf("%d to %q\n%s", a.StatusCode, a.to(), a.body)
		}
	})
}

func TestForgottenPasswordComesByLetterWithoutTellingWhoIsThere(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		b := h.browser(t)
		var bodies []string
		for _, name := range []string{"maya@example.org", "nobody@example.org"} {
			a := b.post("/reset", url.Values{"name": {name}})
			a.expect(t, name, 200, "If this address opens an account")
			bodies = append(bodies, a.body)
		}
		if bodies[0] != bodies[1] {
			t.Error("the two answers differ")
		}
		b.post("/reset", url.Values{"name": {"<script>"}}).expect(t, "no address", 422, "This is not an e-mail address")
		h.run(t)
		letters := h.box.Letters()
		if len(letters) != 1 || letters[0].To != "maya@example.org" || !strings.Contains(letters[0].Text, "Hello Maya") {
			t.Fatalf("letters %+v", letters)
		}
		reset := link(t, letters[0].Text)
		if !strings.HasPrefix(reset, "/reset/") {
			t.Errorf("the letter leads to %s", reset)
		}
		b.get(reset).expect(t, "the letter's page", 200, "Choose a new password")
	})
}

func TestLettersGoToWhoHasAnAddress(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		carla := h.as(t, "carla")
		card, err := h.store.AddPerson(t.Context(), people.System(people.Outreach), people.NewPerson{GivenName: "Cardholder"})
		if err != nil {
			t.Fatal(err)
		}
		carla.post("/people/"+string(card)+"/letters", url.Values{"kind": {"invitation"}}).expect(t, "without an address", 422, "no e-mail address")
		for _, kind := range []string{"hand_over", "", "x"} {
			carla.post("/people/"+string(h.people["maya"])+"/letters", url.Values{"kind": {kind}}).expect(t, "of kind "+kind, 404)
		}
		if a := carla.post("/people/"+string(h.people["maya"])+"/letters", url.Values{"kind": {"reset"}}); a.StatusCode != 303 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		h.run(t)
		h.run(t)
		if n := len(h.box.Letters()); n != 1 {
			t.Errorf("%d letters, want 1", n)
		}
	})
}

func TestStandingSwitchesByPost(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		dee := h.as(t, "dee")
		dee.get("/people").expect(t, "at home", 200, "Maya", "!Boson")
		if a := dee.post("/standing", url.Values{"sector": {"law_enforcement"}}); a.StatusCode != 303 || a.to() != "/" {
			t.Fatalf("%d to %q", a.StatusCode, a.to())
		}
		dee.get("/people").expect(t, "across", 200, "Bo", "!Maya", "!Carla")
		dee.get("/people/"+string(h.people["maya"])).expect(t, "a person at home", 404)
		for _, sector := range []string{"health", "", "x"} {
			dee.post("/standing", url.Values{"sector": {sector}}).expect(t, fmt.Sprintf("to %q", sector), 404)
		}
		h.as(t, "carla").post("/standing", url.Values{"sector": {"law_enforcement"}}).expect(t, "without a bridge", 404)
	})
}
