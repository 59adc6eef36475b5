/** A progress bar on a terminal, a line every few seconds elsewhere, nothing for scripts. Always on standard error. */
import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  to(value: number, remark?: string): void
  end(): void
}

const silent: Progress = { to: () => {}, end: () => {} }
const plainEveryMs = 5_000

export function openProgress(label: string, total: number, show: boolean): Progress {
  if (!show || total <= 0) return silent
  return process.stderr.isTTY === true ? bar(label, total) : plainLines(label, total)
}

/** Ctrl-C ends the command and not only its bar, so the bar neither waits for it nor hides the cursor. */
function bar(label: string, total: number): Progress {
  const shown = new SingleBar(
    {
      format: `   ${label} {bar} {percentage} %  {remark}`,
      stream: process.stderr,
      hideCursor: false,
      gracefulExit: false,
      clearOnComplete: true,
      linewrap: false,
      barsize: 30,
    },
    Presets.rect,
  )
  shown.start(total, 0, { remark: '' })
  return { to: (value, remark = '') => shown.update(Math.min(value, total), { remark }), end: () => shown.stop() }
}

function plainLines(label: string, total: number): Progress {
  let spokenAt = performance.now()
  return {
    to(value, remark = '') {
      if (performance.now() - spokenAt < plainEveryMs) return
      spokenAt = performance.now()
      console.error(`   ${label} ${Math.floor((100 * Math.min(value, total)) / total)} %  ${remark}`)
    },
    end: () => {},
  }
}

/** The step that is under way, where its length is unknown: rewritten in place on a terminal, not shown elsewhere. */
export function openStep(show: boolean): { tell(step: string): void; end(): void } {
  const terminal = show && process.stderr.isTTY === true
  return {
    tell: (step) => {
      if (terminal) process.stderr.write(`\r\u001b[2K   … ${step}`)
    },
    end: () => {
      if (terminal) process.stderr.write('\r\u001b[2K')
    },
  }
}
