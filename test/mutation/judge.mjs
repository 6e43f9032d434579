// What survivors.json says of the mutants that no test kills. By file, each entry has
//
//   text  the mutated text, on one line
//   to    its replacements
//   in    the line it begins in, where the file has the same on several lines
//   is    "equivalent": it changes nothing that one could observe; "cost": only time or memory
//   why   in one clause
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const judgements = JSON.parse(readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8'))

/** What is wrong with judgements of files that have no mutants. */
export function judgedElsewhere(paths) {
  return Object.keys(judgements)
    .filter((path) => !paths.includes(path))
    .map((path) => `survivors.json: ${path} has no mutants`)
}

/**
 * Gives each survivor of a file its `judgement`, if there is one. Prints which entries have no survivor; returns what is wrong
 * with the others.
 */
export function judge({ path, mutants }, isKilled) {
  const wrong = []
  for (const entry of judgements[path] ?? [])
    for (const replacement of entry.to) {
      const found = mutants.filter((mutant) => isOf(mutant, entry, replacement))
      const survivors = found.filter((mutant) => !isKilled(mutant))
      const name = `survivors.json: ${path}: ${entry.text}  ->  ${replacement}`
      for (const mutant of survivors) mutant.judgement = entry
      if (survivors.length === 0) console.log(`${name}: does not survive any more`)
      if (new Set(found.map((mutant) => mutant.in)).size > 1)
        wrong.push(`${name}: stands on several lines, "in" must say on which`)
      if (!['equivalent', 'cost'].includes(entry.is) || !entry.why)
        wrong.push(`${name}: must be "equivalent" or "cost" and say why`)
    }
  return wrong
}

function isOf(mutant, entry, replacement) {
  return (
    mutant.text === entry.text &&
    mutant.replacement === replacement &&
    (entry.in === undefined || mutant.in === entry.in)
  )
}
