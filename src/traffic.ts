// The face bitecs-networking/traffic: observers of what a world receives and sends.

export { observeTraffic } from './traffic/observeTraffic.ts'
export {
  type MessageForm,
  type SentMessage,
  type TrafficObserver,
} from './network/TrafficObserver.ts'
