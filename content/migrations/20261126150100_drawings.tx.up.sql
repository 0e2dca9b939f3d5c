-- Names how a version is drawn today: another drawing of the same bytes has another name.
ALTER TABLE module_versions ADD COLUMN drawing TEXT NOT NULL DEFAULT '';

-- What a page asks of the versions that it leads to, without their long rows.
CREATE INDEX module_versions_shown ON module_versions (module_id, lang, hash, drawing, joint);
