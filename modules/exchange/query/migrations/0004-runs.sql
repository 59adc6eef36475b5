-- The people of a result are kept when it is made; they count against later ones once it is released.
ALTER TABLE query.cohort ALTER COLUMN released_at DROP NOT NULL;
-- When a run was last put into the queue, beside the first time.
ALTER TABLE query.run ADD COLUMN handed_at timestamptz;
-- Under which id its result will be kept: known from the first attempt on, so that nothing finished is written twice.
ALTER TABLE query.run ADD COLUMN target_id uuid;
