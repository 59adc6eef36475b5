-- The partner that a project works for, where it works for one: the project rests while the partner is not in good standing.
ALTER TABLE projects.project ADD COLUMN partner_id uuid;
