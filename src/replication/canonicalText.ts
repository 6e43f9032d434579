import { quoteName } from './quoteName.ts'
import { type SchemaComponent } from './SchemaComponent.ts'

/**
 * The text of a schema that both ends compare: one line for each component, in order, such as
 * `Position x:range(0,1600,0.0625) y:range(0,1000,0.0625) interpolate`.
 */
export function canonicalText(components: readonly SchemaComponent[]): string {
  return components.map(line).join('\n')
}

function line({ name, fields, to, interpolate }: SchemaComponent): string {
  const words = [quoteName(name)]
  for (const field of fields)
    words.push(`${field.name === '' ? '' : quoteName(field.name)}:${field.type.text}`)
  if (to !== 'all') words.push(to)
  if (interpolate !== false) words.push(interpolate === 'step' ? 'step' : 'interpolate')
  return words.join(' ')
}
