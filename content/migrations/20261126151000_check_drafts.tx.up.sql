-- A draft holds the module's check too, and knows which version of it it changes.
ALTER TABLE drafts ADD COLUMN base_check INTEGER NOT NULL DEFAULT 0;

-- Drafts that are on their way begin theirs with an empty page, which leaves the check as it is.
INSERT INTO draft_revisions (id, draft_id, part, based_on, aside, source, saved_by, saved_at)
SELECT draft.id || '-' || check_part.part, draft.id, check_part.part, NULL, FALSE, '', draft.opened_by, draft.opened_at
FROM drafts AS draft CROSS JOIN (SELECT 'check-en' AS part UNION ALL SELECT 'check-es') AS check_part
WHERE draft.state IN ('writing', 'waiting');

INSERT INTO draft_texts (draft_id, part, head)
SELECT draft_id, part, id FROM draft_revisions WHERE part IN ('check-en', 'check-es');
