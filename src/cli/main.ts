#!/usr/bin/env node
// `npx bitecs-networking`: GameMaker's sockets from the command line, and simulations. docs/cli.md tells how to use it.
import { readFileSync } from 'node:fs'
import { CliError, ExitCode } from './CliError.ts'
import { connect } from './connect.ts'
import { helpText } from './helpText.ts'
import { inspect } from './inspect.ts'
import { listen } from './listen.ts'
import { Printer } from './Printer.ts'
import { readCommand } from './readCommand.ts'
import { replay } from './replay.ts'
import { simulateFile } from './simulateFile.ts'

// It is set before, and stays, when the output could not be written.
const exitCode = await run(process.argv.slice(2))
process.exitCode ??= exitCode

async function run(args: readonly string[]): Promise<ExitCode> {
  const printer = new Printer({ hex: args.includes('--hex'), json: args.includes('--json') })
  try {
    const command = readCommand(args)
    if (command.name === 'listen') return await listen(command, printer)
    if (command.name === 'connect') return await connect(command, printer)
    if (command.name === 'replay') return await replay(command, printer)
    if (command.name === 'inspect') return inspect(command, printer)
    if (command.name === 'simulate') return await simulateFile(command, printer)
    printer.text(command.name === 'help' ? helpText(command.topic) : readVersion())
    return ExitCode.done
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    printer.fail(error)
    return error.exitCode
  }
}

function readVersion(): string {
  // Beside dist, in the package.
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
