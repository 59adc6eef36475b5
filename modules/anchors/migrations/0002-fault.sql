-- What keeps an anchor from its place, as a word for programs; the sentence for people stands in last_error.
ALTER TABLE anchors.anchor ADD COLUMN fault text;
