import { type EntityId } from 'bitecs'
import { type NetworkError } from '../constants/NetworkError.ts'

/** How an attempt to connect reports. */
export interface ConnectAttempt {
  /** The caller's promise. */
  readonly resolve: (result: EntityId | NetworkError) => void
  /** Whether an event reports it too. */
  readonly byEvent: boolean
}
