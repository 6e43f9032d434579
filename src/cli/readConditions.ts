import { SocketType } from '../index.ts'
import { type LinkConditions, presets, withConditions } from '../simulation.ts'
import { CliError, ExitCode } from './CliError.ts'
import { toJson } from './escapeText.ts'

/** What the words of `--conditions` change. */
const words = {
  latency: 'latencyMs',
  jitter: 'jitterMs',
  loss: 'loss',
  duplicate: 'duplicate',
  reorder: 'reorder',
  corrupt: 'corrupt',
  bandwidth: 'bytesPerSecond',
  mtu: 'mtu',
} as const satisfies Readonly<Record<string, keyof LinkConditions>>

type Word = keyof typeof words

/** What a line is like: a preset with some changed, such as `lte,loss=0.05`. Throws a `CliError` for what is none. */
export function readConditions(text: string): Partial<LinkConditions> {
  const [first = '', ...others] = text.split(',')
  const isPreset = Object.hasOwn(presets, first)
  const conditions: { -readonly [Name in keyof LinkConditions]?: LinkConditions[Name] } = isPreset
    ? { ...presets[first as keyof typeof presets] }
    : {}
  for (const part of isPreset ? others : [first, ...others]) {
    const [, word = '', value = ''] = /^([a-z]+)=([\d.]+)$/.exec(part) ?? []
    if (!Object.hasOwn(words, word)) throw mistake(`has no ${toJson(part)}`)
    conditions[words[word as Word]] = Number(value)
  }
  check(conditions)
  return conditions
}

/** The library knows what is in range. */
function check(conditions: Partial<LinkConditions>): void {
  try {
    withConditions(SocketType.udp, conditions)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const [, name = '', rest = ''] = /^withConditions: (\w+) (.*)$/.exec(error.message) ?? []
    const word = Object.entries(words).find(([, condition]) => condition === name)?.[0] ?? name
    throw mistake(`${word} ${rest}`)
  }
}

function mistake(message: string): CliError {
  const parts = Object.keys(words).map((word) => `${word}=N`)
  return new CliError(
    ExitCode.usage,
    `--conditions: ${message}`,
    `it takes ${Object.keys(presets).join(', ')}, and ${parts.join(',')}`,
  )
}
