/** Numbers as people read them, the same on every machine. */

export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** A share as a percentage; what is not nothing never reads as 0 %, and what is not all never as 100 %. */
export function percent(share: number): string {
  if (share === 0 || share === 1) return `${share * 100} %`
  if (share < 0.0001) return '< 0.01 %'
  if (share > 0.9999) return '> 99.99 %'
  return `${(share * 100).toFixed(share > 0.9 || share < 0.1 ? 2 : 1)} %`
}

export function several(value: number, one: string): string {
  return `${count(value)} ${one}${value === 1 ? '' : 's'}`
}
