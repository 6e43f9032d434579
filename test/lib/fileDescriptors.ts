import { closeSync, openSync, readdirSync } from 'node:fs'

/** The error code of the system when a process may open no more. */
const exhausted = 'EMFILE'

/** Opens files until the process can open nothing more, and returns what closes them again. */
export function takeAllDescriptors(): () => void {
  const taken: number[] = []
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== exhausted) throw error
  }
  return () => {
    for (const descriptor of taken.splice(0)) closeSync(descriptor)
  }
}

/** How many the process has open. */
export function countDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}
