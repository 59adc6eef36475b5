/**
 * A domain names the one use of a key or a hash, with its version: what was made for one use is worth nothing in another.
 * The form `gatehouse/…/v1` also keeps any domain from being the beginning of another one's input.
 */
export type Domain = `gatehouse/${string}/v${number}`
