import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { ExitCode } from '../../src/cli/CliError.ts'
import { type CommandName } from '../../src/cli/Command.ts'
import { helpText } from '../../src/cli/helpText.ts'
import { options, optionsOf } from '../../src/cli/options.ts'
import { readCommand } from '../../src/cli/readCommand.ts'
import { spec } from '../spec.ts'

const manual = readFileSync('docs/cli.md', 'utf8')

/** The options in the tables of a section. */
function optionsIn(heading: string): string[] {
  const section = manual.split(/^## /m).find((part) => part.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| (?:`-\w`, )?`--([\w-]+)( [A-Z]+)?` \|/gm)].map(
    ([, name, value = '']) => `${name}${value}`,
  )
}

/** The options that these commands have and no others; of all commands for none. */
function optionsOnlyOf(commands: readonly CommandName[]): string[] {
  return Object.entries(options)
    .filter(([, { only = [] }]) => String(only) === String(commands))
    .map(([name, { value }]) => `${name}${value === undefined ? '' : ` ${value}`}`)
}

spec('docs/cli.md', (it) => {
  for (const [heading, commands] of [
    ['listen', ['listen']],
    ['connect', ['connect']],
    ['listen and connect', ['listen', 'connect']],
    ['simulate', ['simulate']],
    ['inspect', ['inspect']],
    ['All but simulate', ['listen', 'connect', 'replay', 'inspect']],
    ['All\n', []],
  ] as const)
    it(`tells the options under ${heading}`, () => {
      assert.equal(optionsIn(heading).sort(), optionsOnlyOf(commands).sort())
      assert.ok(optionsIn(heading).length > 0)
    })

  it('tells the exit codes', () => {
    const section = manual.split(/^## /m).find((part) => part.startsWith('Exit codes'))!
    const codes = [...section.matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code))
    assert.equal(codes, Object.values(ExitCode))
  })

  it('has examples that the program takes', () => {
    const lines = [...manual.matchAll(/npx bitecs-networking ([^|\n]+)/g)].map(([, line]) => line!)
    assert.ok(lines.length > 8)
    for (const line of lines) readCommand(line.trim().split(' '))
  })
})

spec('--help', (it) => {
  for (const command of ['listen', 'connect', 'simulate', 'replay', 'inspect'] as const) {
    it(`of ${command} tells its options`, () => {
      for (const [name] of optionsOf(command)) assert.match(helpText(command), `--${name}`)
    })

    it(`of ${command} has examples that the program takes`, () => {
      const text = helpText(command)
      const examples = text.slice(text.search(/^Examples?:/m))
      const lines = [...examples.matchAll(/bitecs-networking (.+)/g)].map(([, line]) => line!)
      assert.ok(lines.length > 0)
      for (const line of lines) readCommand(line.split(' '))
    })
  }
})
