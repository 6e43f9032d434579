import * as assert from 'uvu/assert'
import { buffer_copy } from '../../../src/gml/buffer/bufferCopying.ts'
import { buffer_create } from '../../../src/gml/buffer/bufferCreation.ts'
import {
  buffer_peek,
  buffer_poke,
  buffer_read,
  buffer_tell,
  buffer_write,
} from '../../../src/gml/buffer/bufferReadWrite.ts'
import { buffer_fixed, buffer_string, buffer_text } from '../../../src/gml/constants.ts'
import { spec } from '../../spec.ts'
import { bufferOf, eventBufferOf, hex, kinds } from './bufferHelpers.ts'

// "hi 😀!" as the HTML5 runner writes it, and as all others do.
const ofHtml5 = '686920eda0bdedb8802100'
const ofOthers = '686920f09f98802100'
const text = 'hi 😀!'

spec('texts of HTML5 games', (it) => {
  it('are read by every function', () => {
    for (const buffer of [
      ...kinds.map((kind) => bufferOf(ofHtml5, kind)),
      eventBufferOf(ofHtml5).buffer,
    ]) {
      for (const type of [buffer_string, buffer_text]) assert.is(buffer_peek(buffer, 0, type), text)
      assert.is(buffer_read(buffer, buffer_string), text)
      assert.is(buffer_tell(buffer), 11)
    }
    assert.is(buffer_read(bufferOf(ofHtml5), buffer_text), text)
  })

  it('are written on in UTF-8', () => {
    const { buffer } = eventBufferOf(ofHtml5)
    const other = buffer_create(9, buffer_fixed, 1)
    buffer_write(other, buffer_string, buffer_read(buffer, buffer_string))
    assert.is(hex(other), ofOthers)
    buffer_poke(other, 0, buffer_text, text)
    assert.is(hex(other), ofOthers)
  })

  it('are copied as the bytes they are', () => {
    const other = buffer_create(11, buffer_fixed, 1)
    buffer_copy(bufferOf(ofHtml5), 0, 11, other, 0)
    assert.is(hex(other), ofHtml5)
  })
})
