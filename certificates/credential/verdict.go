package credential

import "time"

// Verdict is the one word that a check ends with.
type Verdict string

const (
	Valid            Verdict = "valid"
	ValidFileAltered Verdict = "valid_file_altered" // the credential holds, the page around it is not the one issued
	Expired          Verdict = "expired"
	Revoked          Verdict = "revoked"
	Superseded       Verdict = "superseded"
	OnHold           Verdict = "on_hold"
	NotYetValid      Verdict = "not_yet_valid"
	Tampered         Verdict = "tampered"
	NotOurs          Verdict = "not_ours"
	NotShared        Verdict = "not_shared" // ours; the holder has ended this copy
	Unknown          Verdict = "unknown"
	NoCredential     Verdict = "no_credential"
	Unreadable       Verdict = "unreadable"
)

// Step names one line of a check. The order of Steps is the order of checking.
type Step string

const (
	StepReceived   Step = "received"
	StepFound      Step = "credential_found"
	StepWellFormed Step = "well_formed"
	StepOurs       Step = "ours"
	StepKey        Step = "key"
	StepTerms      Step = "terms_signed"
	StepSignature  Step = "signature"
	StepKnown      Step = "known_number"
	StepStanding   Step = "standing"
	StepDates      Step = "dates"
	StepFile       Step = "file_as_issued"
)

// Steps is every step in order.
var Steps = [...]Step{
	StepReceived, StepFound, StepWellFormed, StepOurs, StepKey, StepTerms,
	StepSignature, StepKnown, StepStanding, StepDates, StepFile,
}

// Detail says more about one step, as a word that the interface translates.
type Detail string

const (
	DetailOffline        Detail = "offline"         // needs the database
	DetailNotReached     Detail = "not_reached"     // an earlier step decided
	DetailTooBig         Detail = "too_big"         // over the limits of what is read
	DetailSeveral        Detail = "several"         // more than one credential in the file
	DetailNotJSON        Detail = "not_json"        // or read in two ways
	DetailForeign        Detail = "foreign_issuer"  // somebody else's credential
	DetailKeyUnknown     Detail = "key_unknown"     // our name under a key that isn't ours
	DetailKeyCompromised Detail = "key_compromised" // and the issuance log doesn't have this credential
	DetailNoList         Detail = "no_list"         // the snapshot lacks the status list
	DetailListed         Detail = "listed"          // the bit is set: revoked or superseded
	DetailHolderEnded    Detail = "holder_ended"    // the copy is shared no more
	DetailNoPage         Detail = "no_page"         // bare JSON: there is no page to compare
)

// Check is one line of an answer. OK is nil when the step could not be taken.
type Check struct {
	Step   Step
	OK     *bool
	Detail Detail
}

// Result is the answer to one check.
type Result struct {
	Verdict Verdict
	Checks  []Check // all steps, in order
	// Claims is nil unless the signature holds and the holder still shares the copy:
	// nothing of an altered file is ever shown.
	Claims    *Claims
	CheckedAt time.Time
	Offline   bool
	AsOf      time.Time // offline: the date of the status list
	Stale     bool      // offline: the snapshot is older than SnapshotLife
	Since     time.Time // online: when the standing last changed; zero when unknown
}

// Standing is what the certificate is worth now, as the database says.
type Standing string

const (
	StandingValid      Standing = "valid"
	StandingRevoked    Standing = "revoked"
	StandingSuperseded Standing = "superseded"
	StandingOnHold     Standing = "on_hold"
)

// Facts is what only the database knows about one credential.
type Facts struct {
	Known      bool // the number is issued and the credential's id is a copy of it
	Logged     bool // the issuance log has the SHA-256 of the signed bytes
	Shared     bool // the copy's share is live
	Standing   Standing
	Since      time.Time
	FileSHA256 [32]byte // of the copy's PDF as it was issued
}

// Lookup finds the facts of a credential by its claims and the SHA-256 of its
// signed bytes. It returns zero Facts for what is not known. It may be called
// before the signature was checked, so it must answer nothing but Facts. A nil
// Lookup means a check without the database.
type Lookup func(c Claims, credentialSHA256 [32]byte) (Facts, error)

// Fault is why no credential came out of a file.
type Fault string

const (
	FaultNone       Fault = ""
	FaultUnreadable Fault = "unreadable" // neither PDF nor JSON, or broken
	FaultTooBig     Fault = "too_big"
	FaultMissing    Fault = "missing"
	FaultSeveral    Fault = "several"
)

// Upload is a file that somebody holds, with the credential that was found in it.
type Upload struct {
	File       []byte
	Credential []byte // nil where Fault says why
	Fault      Fault
	PDF        bool
}
