// The rules of the linter. Who may import whom stands in scripts/floors.mjs.
import { posix } from 'node:path'
import { floors } from './scripts/floors.mjs'

const rooms = Object.keys(floors)
const twins = rooms.filter((room) => room.includes('*'))

/** Time and chance come in: a run with the same clock and random numbers is the same. */
const injected = {
  'eslint/no-restricted-globals': [
    'error',
    ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'crypto'].map(
      (name) => ({
        name,
        message: 'Time and chance come from the world: config.clock, config.random.',
      }),
    ),
  ],
  'eslint/no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Chance comes from the world: config.random.' },
  ],
}
/** Functions whose results differ between engines. Tables and + - * / do not. */
const inexact =
  'acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 hypot log log10 log1p log2 pow sin sinh sqrt tan tanh'.split(
    ' ',
  )
const exact = {
  'eslint/no-restricted-properties': [
    'error',
    ...injected['eslint/no-restricted-properties'].slice(1),
    ...inexact.map((property) => ({
      object: 'Math',
      property,
      message: 'Engines differ in it: take a table and + - * /.',
    })),
  ],
}

/** @type {import('oxlint').OxlintConfig} */
export default {
  plugins: ['typescript', 'import', 'unicorn', 'oxc'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: ['dist', 'build'],
  rules: {
    'import/no-cycle': ['error', { ignoreTypes: false }],
    'import/no-unassigned-import': 'off',
    'typescript/no-floating-promises': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    'typescript/no-redundant-type-constituents': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    'eslint/no-await-in-loop': 'off',
    'eslint/no-shadow': 'off',
    'eslint/no-underscore-dangle': 'off',
    'unicorn/no-array-sort': 'off',
    'unicorn/prefer-set-has': 'off',
  },
  // The last override that matches a file decides: that of a twin, not that of its folder.
  overrides: [
    ...[...rooms.filter((room) => !twins.includes(room)), ...twins].map((room) => ({
      files: [filesOf(room)],
      rules: { 'eslint/no-restricted-imports': ['error', limits(room, floors[room])] },
    })),
    {
      files: ['src/**', 'components/**', 'systems/**'],
      // Where real time comes in, or chance, or where a program or a page meets them.
      rules: injected,
    },
    {
      files: [
        'src/clock/Clock.ts',
        'src/config/NetworkConfig.ts',
        'src/cli/*',
        'src/testing/*',
        'src/transport/node/*',
        'src/transport/browser/*',
      ],
      rules: {
        'eslint/no-restricted-globals': 'off',
        'eslint/no-restricted-properties': 'off',
      },
    },
    { files: ['src/simulation/*'], rules: exact },
    {
      files: ['test/**/*.test.ts'],
      rules: {
        'eslint/no-restricted-imports': [
          'error',
          { name: 'uvu', message: 'Suites come from spec: it runs them, within a limit of time.' },
        ],
      },
    },
    // Games as GameMaker developers write them: instance variables that nothing reads but a test.
    { files: ['test/gml/games/*.mjs'], rules: { 'eslint/no-unused-vars': 'off' } },
  ],
}

/** A pattern for the files of `room`; those of its folders are rooms of their own. */
function filesOf(room) {
  if (room.endsWith('.ts')) return room
  return floors[room].includes('anything') ? `${room}/**` : `${room}/*`
}

/** What `room` may not import. The last pattern that matches decides, and `*` stays in its folder. */
function limits(room, words) {
  const not = words.filter((word) => word.startsWith('not ')).map((word) => word.slice(4))
  const message = `${room} imports ${words.join(', ') || 'nothing'} (scripts/floors.mjs)`
  if (words.includes('anything'))
    return { patterns: not.length ? [{ group: not.map((path) => `**/${path}`), message }] : [] }
  const left = expand(not, room)
  const reached = expand(words, room).filter((other) => !left.includes(other))
  const named = words.filter((word) => word.includes(' of ')).map((word) => word.split(' of '))
  const packages = words.filter((word) => !word.includes(' ') && expand([word], room).length === 0)
  const allowed = [
    ...(room.endsWith('.ts') ? [] : ['./*']),
    ...reached.map((other) => pathFrom(room, filesOf(other))),
    ...packages.flatMap((name) => (name.endsWith(':*') ? [name, `${name}/**`] : [name])),
    ...named.map(([, name]) => name),
  ]
  const group = ['**', ...allowed.map((pattern) => `!${pattern}`)]
  return {
    paths: named.map(([only, name]) => ({ name, allowImportNames: [only], message })),
    patterns: [{ group: [...group, ...twins.map((twin) => pathFrom(room, twin))], message }],
  }
}

/** The rooms that `words` name in the line of `room`. */
function expand(words, room) {
  const above = rooms.slice(0, rooms.indexOf(room)).filter((other) => !twins.includes(other))
  return words.flatMap((word) => {
    if (word === 'everything above') return above
    const [, base, stars] = /^(.*?)(\/\*\*?)?$/.exec(word)
    const isBase = (other) => other === base && stars !== '/*'
    return rooms.filter((other) => isBase(other) || (stars && other.startsWith(`${base}/`)))
  })
}

function pathFrom(room, files) {
  const path = posix.relative(room.endsWith('.ts') ? posix.dirname(room) : room, files)
  return path.startsWith('.') ? path : `./${path}`
}
