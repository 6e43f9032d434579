import { parseArgs, type ParseArgsConfig } from 'node:util'
import { checkFit } from './checkFit.ts'
import { CliError, ExitCode } from './CliError.ts'
import {
  type Command,
  type CommandName,
  type ConnectCommand,
  type InspectCommand,
  type LineFormat,
  type ListenCommand,
  type ReplayCommand,
  type SessionSettings,
  type SimulateCommand,
} from './Command.ts'
import { toJson } from './escapeText.ts'
import { type Option, type OptionName, options, optionsOf } from './options.ts'
import { readConditions } from './readConditions.ts'
import { readTarget, withoutBrackets } from './readTarget.ts'
import { readType } from './readType.ts'
import { readPort, readWholeNumber } from './readWholeNumber.ts'

/** 2 ** 31 - 1, the longest that a timer waits. */
const msMax = 2_147_483_647

const commandNames: readonly CommandName[] = ['listen', 'connect', 'simulate', 'replay', 'inspect']

/** The values of the options that were given. Switches have ''. */
type Values = Partial<Record<OptionName, readonly string[]>>

/** Reads the command line. Throws a `CliError` for what it cannot mean. */
export function readCommand(args: readonly string[]): Command {
  const { values, positionals, unknown } = readTokens(args)
  const [command, ...rest] = positionals
  const topic = commandNames.find((name) => name === command)
  if (values.help !== undefined) return { name: 'help', topic }
  if (values.version !== undefined) return { name: 'version' }
  if (topic === undefined && command !== undefined)
    throw mistake(`unknown command ${toJson(command)}`, topic)
  if (topic === undefined && unknown === undefined) throw mistake('a command is needed', topic)
  if (unknown !== undefined) throw unknownOption(unknown, topic)
  return readOptions(topic!, rest, values)
}

interface Tokens {
  readonly values: Values
  readonly positionals: readonly string[]
  /** The first option that no command has. */
  readonly unknown: string | undefined
}

function readTokens(args: readonly string[]): Tokens {
  const config: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, { value, short }] of Object.entries(options) as [OptionName, Option][])
    config[name] = {
      type: value === undefined ? 'boolean' : 'string',
      ...(short !== undefined && { short }),
    }
  // Not strict: the messages are our own.
  const { tokens } = parseArgs({ args: [...args], options: config, strict: false, tokens: true })
  const values: Record<string, string[]> = {}
  const positionals: string[] = []
  let unknown: string | undefined
  for (const token of tokens)
    if (token.kind === 'positional') positionals.push(token.value)
    else if (token.kind === 'option') {
      if (Object.hasOwn(options, token.name)) {
        checkValue(token.name as OptionName, token.value, token.inlineValue === true)
        ;(values[token.name] ??= []).push(token.value ?? '')
      } else unknown ??= token.rawName
    }
  return { values, positionals, unknown }
}

function checkValue(name: OptionName, value: string | undefined, isInline: boolean): void {
  const { value: placeholder } = options[name]
  if (placeholder === undefined) {
    if (value !== undefined) throw mistake(`--${name} takes no value, got ${toJson(value)}`)
  } else if (value === undefined || value === '' || (!isInline && value.startsWith('-')))
    throw mistake(`--${name} needs a value: --${name} ${placeholder}`)
}

function readOptions(name: CommandName, rest: readonly string[], values: Values): Command {
  const allowed = new Set(optionsOf(name).map(([option]) => option))
  for (const [option, given] of Object.entries(values) as [OptionName, readonly string[]][]) {
    if (!allowed.has(option)) throw unknownOption(`--${option}`, name)
    const { value, multiple } = options[option]
    if (given.length > 1 && value !== undefined && multiple !== true)
      throw mistake(`--${option} is given twice`, name)
  }
  if (name === 'replay' || name === 'inspect') return readOfFile(name, rest, values)
  if (name === 'simulate') return readSimulate(rest, values)
  const command = name === 'listen' ? readListen(rest, values) : readConnect(rest, values)
  const unfit = checkFit(command)
  if (unfit !== undefined) throw mistake(unfit, name)
  return command
}

function readListen(rest: readonly string[], values: Values): ListenCommand {
  // A port alone is one of TCP.
  const [first = 'tcp', ...others] = /^\d+$/.test(rest[0] ?? '') ? ['tcp', ...rest] : rest
  const type = readType(first)
  const [port = '6510', surplus] = others
  if (surplus !== undefined) throw mistake(`unexpected argument ${toJson(surplus)}`, 'listen')
  const host = textOf(values, 'host')
  return {
    name: 'listen',
    ...readShared(type, values),
    port: readPort(port, 0),
    host: host === undefined ? undefined : withoutBrackets(host),
    maxClients: numberOf(values, 'max-clients', 0, msMax),
    path: textOf(values, 'path'),
    origins: values.origin,
    cert: textOf(values, 'cert'),
    key: textOf(values, 'key'),
    echo: values.echo !== undefined,
  }
}

function readConnect(rest: readonly string[], values: Values): ConnectCommand {
  const { type, ...target } = readTarget(rest)
  return {
    name: 'connect',
    ...readShared(type, values),
    ...target,
    timeoutMs: numberOf(values, 'timeout', 1, msMax),
    waitMs: readWholeNumber('--wait', textOf(values, 'wait') ?? '500', 0, msMax),
    ca: textOf(values, 'ca'),
  }
}

function readOfFile(
  name: 'replay' | 'inspect',
  rest: readonly string[],
  values: Values,
): ReplayCommand | InspectCommand {
  const [file, game, surplus] = name === 'replay' ? rest : [rest[0], '', rest[1]]
  const needed = name === 'replay' ? 'a recording and a game are' : 'a recording is'
  if (file === undefined || game === undefined) throw mistake(`${needed} needed`, name)
  if (surplus !== undefined) throw mistake(`unexpected argument ${toJson(surplus)}`, name)
  const json = values.json !== undefined
  return name === 'replay'
    ? { name, file, game, json }
    : { name, file, json, html: textOf(values, 'html') }
}

function readSimulate(rest: readonly string[], values: Values): SimulateCommand {
  const [file, surplus] = rest
  if (file === undefined) throw mistake('a file is missing', 'simulate')
  if (surplus !== undefined) throw mistake(`unexpected argument ${toJson(surplus)}`, 'simulate')
  const { report: reports = [] } = values
  for (const each of reports)
    if (!/\.(?:html|json|txt)$/.test(each))
      throw mistake(`--report must end with .html, .json or .txt, got ${toJson(each)}`, 'simulate')
  const replay = textOf(values, 'replay')
  if (replay !== undefined && (values.seed ?? values.seeds) !== undefined)
    throw mistake('--replay has a seed: neither --seed nor --seeds goes with it', 'simulate')
  return {
    name: 'simulate',
    file,
    seed: numberOf(values, 'seed', 0, Number.MAX_SAFE_INTEGER),
    seeds: numberOf(values, 'seeds', 1, msMax),
    ticks: numberOf(values, 'ticks', 1, 100_000_000),
    reports,
    replay,
  }
}

function numberOf(values: Values, name: OptionName, min: number, max: number): number | undefined {
  const text = textOf(values, name)
  return text === undefined ? undefined : readWholeNumber(`--${name}`, text, min, max)
}

function readShared(type: SessionSettings['type'], values: Values): SessionSettings {
  const conditions = textOf(values, 'conditions')
  return {
    type,
    raw: values.raw !== undefined,
    text: values.text !== undefined,
    hexInput: values['hex-input'] !== undefined,
    lineEnd: readLineEnd(textOf(values, 'line-end')),
    hex: values.hex !== undefined,
    json: values.json !== undefined,
    conditions: conditions === undefined ? undefined : readConditions(conditions),
    seconds: numberOf(values, 'seconds', 1, 86_400),
    count: numberOf(values, 'count', 1, msMax),
  }
}

function readLineEnd(text: string | undefined): LineFormat['lineEnd'] {
  if (text === undefined) return ''
  if (text === 'lf') return '\n'
  if (text === 'crlf') return '\r\n'
  throw mistake(`--line-end must be lf or crlf, got ${toJson(text)}`)
}

function textOf(values: Values, name: OptionName): string | undefined {
  return values[name]?.[0]
}

function unknownOption(rawName: string, topic: CommandName | undefined): CliError {
  if (rawName === '--insecure')
    return new CliError(
      ExitCode.usage,
      'there is no --insecure',
      'trust the certificate of your server, or of its authority, with --ca FILE',
    )
  return mistake(
    `${topic ?? 'bitecs-networking'} has no option ${toJson(rawName).slice(1, -1)}`,
    topic,
  )
}

function mistake(message: string, topic?: CommandName): CliError {
  const command = topic === undefined ? '' : `${topic} `
  return new CliError(ExitCode.usage, message, `try: bitecs-networking ${command}--help`)
}
