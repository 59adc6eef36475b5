/** RFC 9497 appendix A.1.2.1: ristretto255-SHA512, verifiable mode, first vector. */
export const voprfVector = {
  seed: 'a3'.repeat(32),
  keyInfo: '74657374206b6579',
  secretKey: 'e6f73f344b79b379f1a0dd37e07ff62e38d9f71345ce62ae3a9bc60b04ccd909',
  publicKey: 'c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e',
}
