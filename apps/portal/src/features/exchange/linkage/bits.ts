/** With a sign; a bit more makes one person twice as likely. */
export function signedBits(value: number, format: { number(value: number): string }): string {
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${format.number(Math.abs(Math.round(value * 10) / 10))}`
}

/** A probability near one, which would be rounded to it otherwise. */
export const exactShare = (share: number, format: { number(value: number): string }): string => `${format.number(Math.floor(share * 1e4 + 1e-6) / 100)} %`
