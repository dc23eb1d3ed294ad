export { Timer } from './timer.ts';
export { TimerWheel, type TimerWheelOptions } from './wheel.ts';
