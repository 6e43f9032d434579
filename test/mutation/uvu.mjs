// uvu for a file with mutants. It runs the cases once to count what they run (COVERAGE), or once for each of the MUTANTS
// up to the first case that fails, which kills it; and once more without one, which must pass: a mutant that has left
// something behind might have killed others.
import { createHook } from 'node:async_hooks'
import { writeFileSync, writeSync } from 'node:fs'

const { MUTANTS, COVERAGE, ONE_KILL } = process.env
/** Of prelude.mjs, which is loaded before. */
const { hitsOf, turnOn } = globalThis.mutation
const cases = []

export function suite(suiteName) {
  const declare = (title, run) => {
    cases.push({ name: `${suiteName} :: ${title}`, run })
  }
  return Object.assign(declare, { skip() {}, run() {} })
}

// As in uvu, the cases begin when all of the file is loaded.
setTimeout(async () => {
  const atLoad = hitsOf()
  if (MUTANTS === undefined) await cover(atLoad)
  else await tryAll(MUTANTS.split(','))
  process.exit(0)
})

async function cover(atLoad) {
  let opensSockets = false
  createHook({
    init: (_, type) => {
      opensSockets ||= /^(TCP|UDP|PIPE|PROCESS|WORKER)/.test(type)
    },
  }).enable()
  const started = process.cpuUsage()
  const failed = await firstFailure()
  const { user, system } = process.cpuUsage(started)
  const cost = Math.round((user + system) / 1000)
  const result = { ok: failed === undefined && cases.length > 0, failed, cost, opensSockets }
  writeFileSync(
    COVERAGE,
    JSON.stringify({ ...result, atLoad: Object.keys(atLoad), hits: hitsOf() }),
  )
}

async function tryAll(ids) {
  for (const item of ids) {
    const [id, hitsMax] = item.split('*')
    turnOn(id, hitsMax)
    const failed = await firstFailure()
    say({ id, failed })
    // What has failed may have left sockets open.
    if (failed !== undefined && ONE_KILL === '1') return
  }
  if (ids.length > 1) {
    turnOn(undefined)
    say({ isClean: (await firstFailure()) === undefined })
  }
}

async function firstFailure() {
  for (const { name, run } of cases)
    try {
      await run()
    } catch (error) {
      return process.env.SHOW === '1' ? `${name}: ${error.stack}` : name
    }
  return undefined
}

function say(message) {
  writeSync(1, `\nmutant: ${JSON.stringify(message)}\n`)
}
