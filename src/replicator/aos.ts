import { isObject } from '../errors/isObject.ts'
import { wrongType } from '../errors/argumentErrors.ts'
import { type FieldType } from '../replication/FieldType.ts'

/** The types of the fields of a component that is an array of objects. */
export class Aos {
  readonly fields: Readonly<Record<string, FieldType>>

  constructor(fields: Readonly<Record<string, FieldType>>) {
    this.fields = fields
  }
}

/**
 * Says that a component is an array of objects, `Armour[entity].kind`, and what their fields hold. A replica gets its object when
 * the component is added.
 *
 * @throws TypeError unless `fields` is an object
 */
export function aos(fields: Readonly<Record<string, FieldType>>): Aos {
  if (!isObject(fields)) throw wrongType('aos', 'fields', 'an object of types', fields)
  return new Aos(fields)
}
