import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Needed } from '../lib/specWith.ts'

/** A Python that has `websockets`; the environment variable PYTHON names another one. */
export function findPython(): Needed {
  const { PYTHON } = process.env
  const candidates = PYTHON === undefined ? ['/usr/bin/python3', 'python3'] : [PYTHON]
  const path = candidates.find(
    (candidate) => spawnSync(candidate, ['-c', 'import websockets']).status === 0,
  )
  return { name: 'Python 3 with websockets', path }
}

/** Chromium or Chrome; the environment variable CHROMIUM names another one. */
export function findChromium(): Needed {
  const { CHROMIUM, PATH = '' } = process.env
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const candidates =
    CHROMIUM === undefined
      ? names.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)))
      : [CHROMIUM]
  return { name: 'Chromium', path: candidates.find((candidate) => canRun(candidate)) }
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
