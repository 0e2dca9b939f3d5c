-- Whether a saved state stays for good: not decided yet (NULL), it stays, or its text was
-- taken out because a later one of the same hour says more. What was saved until now stays.
ALTER TABLE draft_revisions ADD COLUMN kept BOOLEAN;
UPDATE draft_revisions SET kept = TRUE;
CREATE INDEX draft_revisions_undecided ON draft_revisions (saved_at) WHERE kept IS NULL;
