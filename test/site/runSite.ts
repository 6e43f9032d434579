import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The documentation, built by the script as its users run it. */
export interface Site {
  /** Where it stands. */
  readonly folder: string
  /** What the script returned. */
  readonly code: number | null
  /** What it said, line by line. */
  readonly lines: readonly string[]
  readonly read: (address: string) => string
  readonly remove: () => void
}

/** The site of the project's own documents, which must be without fault. */
export async function buildSite(): Promise<Site> {
  const site = await runSite()
  if (site.code === 0) return site
  site.remove()
  throw new Error(site.lines.join('\n'))
}

/** @param documents a folder with other documents than the project's */
export async function runSite(documents?: string): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), 'site-'))
  const args = [join('scripts', 'site.mjs'), '--out', folder]
  if (documents !== undefined) args.push('--documents', documents)
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return {
    folder,
    code,
    lines: output.trim().split('\n'),
    read: (address) => readFileSync(join(folder, address), 'utf8'),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
