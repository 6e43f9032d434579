// Loaded before a test file with mutants: what their code asks, which of them is on, and counts how often each would be run.

const files = new Map()

/** Which mutant is on, and how often it may still be run: one that loops for ever ends by that. */
let path
let number
let hitsLeft

function turnOn(id, hitsMax) {
  const [nextPath, nextNumber] = id?.split('#') ?? []
  path = nextPath
  number = Number(nextNumber)
  hitsLeft = hitsMax
  for (const [file, mutants] of files) mutants.active = file === path ? number : -1
}

function mutantsOf(file, count) {
  const active = file === path ? number : -1
  const mutants = { active, counts: new Float64Array(count), hit }
  files.set(file, mutants)
  return mutants
}

function hit() {
  if (hitsLeft-- <= 0) throw new Error('the mutant runs far more often than the code')
  return true
}

/** How often each mutant would have been run up to now. */
function hitsOf() {
  const hits = [...files].flatMap(([file, { counts }]) =>
    [...counts].flatMap((count, id) => (count > 0 ? [[`${file}#${id}`, count]] : [])),
  )
  return Object.fromEntries(hits)
}

globalThis.mutation = { mutantsOf, turnOn, hitsOf }

// Those that are run as the module is loaded must be on before it is.
const [first] = process.env.MUTANTS?.split(',') ?? []
if (first) turnOn(...first.split('*'))
