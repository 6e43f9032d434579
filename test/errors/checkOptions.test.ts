import * as assert from 'uvu/assert'
import { checkInteger, wrongType } from '../../src/errors/argumentErrors.ts'
import { checkOptions, type OptionTable } from '../../src/errors/checkOptions.ts'
import { throws } from '../lib/throws.ts'
import { spec } from '../spec.ts'

interface Paint {
  readonly colour?: string | undefined
  readonly layers?: number | undefined
  readonly isShiny?: boolean | undefined
}

const table: OptionTable<Paint> = {
  colour(where, name, value) {
    if (typeof value !== 'string') throw wrongType(where, name, 'a colour', value)
  },
  layers(where, name, value) {
    checkInteger(where, name, value, 1, 9)
  },
  isShiny(where, name, value) {
    if (typeof value !== 'boolean') throw wrongType(where, name, 'true or false', value)
  },
}

/** Checks options of any type, as a program in JavaScript can give them. */
function check(options: unknown, kind: string = 'option'): void {
  checkOptions('paint', kind, options as Paint, table)
}

/** An object with exactly these own keys, `__proto__` included. */
function parsed(text: string): unknown {
  return JSON.parse(text)
}

spec('checkOptions', (it) => {
  it('takes each option of the table, and none', () => {
    check({})
    check({ colour: 'red' })
    check({ colour: 'red', layers: 2, isShiny: false })
  })

  it('takes an option that is undefined as not given', () => {
    check({ colour: undefined, layers: undefined, isShiny: undefined })
  })

  it('refuses a wrong value with what its check throws', () => {
    throws(() => check({ colour: 5 }), TypeError, /^paint: colour must be a colour, got 5$/)
    throws(() => check({ layers: 10 }), RangeError, /^paint: layers must be an integer in 1\.\.9/)
    throws(() => check({ layers: null }), TypeError, /^paint: layers must be .*, got null$/)
    throws(() => check({ isShiny: 1 }), TypeError, /^paint: isShiny must be true or false, got 1$/)
  })

  for (const [name, nearest] of [
    ['color', 'colour'],
    ['Colour', 'colour'],
    ['colours', 'colour'],
    ['layer', 'layers'],
    ['layesr', 'layers'],
    ['shiny', 'isShiny'],
    ['ISSHINY', 'isShiny'],
    ['is_shiny', 'isShiny'],
  ] as const)
    it(`refuses ${name} and names ${nearest}`, () => {
      const message = new RegExp(
        `^paint: there is no option "${name}"; did you mean "${nearest}"\\?$`,
      )
      throws(() => check({ [name]: 1 }), TypeError, message)
    })

  it('names one where none is near too', () => {
    const one =
      /^paint: there is no option "temperature"; did you mean "(colour|layers|isShiny)"\?$/
    throws(() => check({ temperature: 20 }), TypeError, one)
    throws(() => check({ '': 20 }), TypeError, /there is no option ""; did you mean "colour"\?$/)
  })

  it('names the first of several unknown options', () => {
    throws(() => check({ colour: 'red', layer: 1, color: 1 }), TypeError, /no option "layer"/)
    throws(() => check({ color: 1, layer: 1 }), TypeError, /no option "color"/)
  })

  it('names an unknown option before a wrong value', () => {
    throws(() => check({ colour: 5, layer: 1 }), TypeError, /no option "layer"/)
  })

  it('refuses an unknown option that is undefined: its name is wrong all the same', () => {
    throws(() => check({ color: undefined }), TypeError, /no option "color"/)
  })

  it('cuts a long name', () => {
    const message = /^paint: there is no option "x{40}…"; did you mean "/
    throws(() => check({ ['x'.repeat(1_000)]: 1 }), TypeError, message)
  })

  it('does not take what every object inherits for an option', () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty', '__proto__', 'valueOf']) {
      const message = new RegExp(`^paint: there is no option "${name}"`)
      throws(() => check(parsed(`{ "${name}": 1 }`)), TypeError, message)
    }
  })

  it('takes an object without a prototype', () => {
    check(Object.assign(Object.create(null), { layers: 2 }))
    const wrong: unknown = Object.assign(Object.create(null), { layer: 2 })
    throws(() => check(wrong), TypeError, /did you mean "layers"/)
  })

  it('checks an option that is inherited, since it is read as any other', () => {
    check(Object.create({ layers: 2 }))
    throws(() => check(Object.create({ layers: 10 })), RangeError, /layers must be/)
  })

  it('checks the fields and the accessors of an instance of a class', () => {
    class Settings {
      readonly colour = 'red'
      readonly #layers: number

      constructor(layers: number) {
        this.#layers = layers
      }

      get layers(): number {
        return this.#layers
      }
    }
    check(new Settings(2))
    throws(() => check(new Settings(10)), RangeError, /layers must be .*, got 10$/)
    class Misspelt {
      readonly color = 'red'
    }
    throws(() => check(new Misspelt()), TypeError, /did you mean "colour"/)
  })

  it('takes frozen options, and changes none', () => {
    const options = Object.freeze({ colour: 'red', layers: undefined })
    check(options)
    assert.equal(Object.keys(options), ['colour', 'layers'])
  })

  it('looks at no symbol and at nothing that is not enumerable', () => {
    check({ [Symbol('colour')]: 5, layers: 1 })
    check(Object.defineProperty({}, 'color', { value: 5 }))
  })

  for (const [name, value] of [
    ['null', null],
    ['undefined', undefined],
    ['a number', 5],
    ['a text', 'red'],
    ['true', true],
    ['a bigint', 5n],
    ['a symbol', Symbol('red')],
    ['a function', () => {}],
    ['an empty array', []],
    ['an array', [1, 2]],
  ] as const)
    it(`refuses ${name}`, () => {
      throws(() => check(value), TypeError, /^paint: options must be an object, got /)
    })

  it('names the kind of set', () => {
    throws(() => check({ color: 1 }, 'setting'), TypeError, /^paint: there is no setting "color"/)
    throws(() => check(null, 'setting'), TypeError, /^paint: settings must be an object, got null$/)
  })
})
