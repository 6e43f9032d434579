import { type NetworkConfig } from '../config/NetworkConfig.ts'

/** The settings of a world that are numbers, texts or booleans. JSON has no `Infinity`: it is a text. */
export function settingsOf(config: NetworkConfig): Record<string, string | number | boolean> {
  const settings: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries<unknown>({ ...config }))
    if (value === Infinity) settings[name] = 'Infinity'
    else if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
      settings[name] = value
  return settings
}
