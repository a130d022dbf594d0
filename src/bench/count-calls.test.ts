import { expect, test } from 'vitest';
import { countGpuCalls, watchGpuMemory } from './count-calls.ts';

function platform() {
  class GPUQueue {
    readonly seen: unknown[] = [];
    submit(commands: unknown): string {
      this.seen.push(commands);
      return 'submitted';
    }
  }
  class GPUBuffer {
    destroyed = false;
    destroy(): void {
      this.destroyed = true;
    }
  }
  class GPUDevice {
    createBuffer(_: { size: number }): GPUBuffer {
      return new GPUBuffer();
    }
  }
  return { GPUQueue, GPUBuffer, GPUDevice };
}

test('calls are counted and still do what they do; afterwards everything is as it was', () => {
  const scope = platform();
  const before = scope.GPUQueue.prototype.submit;
  const queue = new scope.GPUQueue();
  const counter = countGpuCalls(scope);
  expect([queue.submit('a'), queue.submit('b')]).toEqual(['submitted', 'submitted']);
  expect(counter.stop()).toEqual({ dispatches: 0, submits: 2, copies: 0, writes: 0, readBacks: 0 });
  queue.submit('c');
  expect(queue.seen).toEqual(['a', 'b', 'c']);
  expect(scope.GPUQueue.prototype.submit).toBe(before);
});

test('the peak is of buffers that were there at the same time', () => {
  const scope = platform();
  const memory = watchGpuMemory(scope);
  const device = new scope.GPUDevice();
  const first = device.createBuffer({ size: 100 });
  device.createBuffer({ size: 20 });
  first.destroy();
  first.destroy();
  device.createBuffer({ size: 50 });
  expect(memory.peak()).toBe(120);
  expect(first.destroyed).toBe(true);
});

test("a browser without WebGPU isn't a fault", () => {
  expect(countGpuCalls({}).stop().dispatches).toBe(0);
  expect(watchGpuMemory({}).peak()).toBe(0);
});
