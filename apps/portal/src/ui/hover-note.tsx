import { useEffect, useState } from 'react'

interface Shown {
  readonly text: string
  readonly top: number
  readonly left: number
}

/**
 * The one small note that shows `data-note` of whatever the pointer or the focus is on. A list of hundreds of moments and ids
 * would be slow with a tooltip each. Screen readers get the same words in the element itself.
 */
export function HoverNote() {
  const [shown, show] = useState<Shown | null>(null)
  useEffect(() => {
    const look = (event: Event) => {
      const on = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-note]') : null
      const text = on?.dataset.note
      if (on === null || text === undefined) return show(null)
      const { bottom, left, width } = on.getBoundingClientRect()
      show({ text, top: bottom + 6, left: Math.min(Math.max(left + width / 2, 120), globalThis.innerWidth - 120) })
    }
    const hide = () => show(null)
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide()
    }
    document.addEventListener('pointerover', look)
    document.addEventListener('focusin', look)
    document.addEventListener('focusout', hide)
    document.addEventListener('scroll', hide, true)
    document.addEventListener('keydown', leave)
    return () => {
      document.removeEventListener('pointerover', look)
      document.removeEventListener('focusin', look)
      document.removeEventListener('focusout', hide)
      document.removeEventListener('scroll', hide, true)
      document.removeEventListener('keydown', leave)
    }
  }, [])
  if (shown === null) return null
  return (
    <div className="hover-note" aria-hidden style={{ top: shown.top, left: shown.left }}>
      {shown.text}
    </div>
  )
}
