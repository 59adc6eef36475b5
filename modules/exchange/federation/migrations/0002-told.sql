-- The generation of this node's keys that the peer knows: messages to it are signed by those until it has said that it knows newer ones.
ALTER TABLE federation.peer ADD COLUMN told integer;
