import { z } from 'zod';
import type { Value } from '../src/kernel/value/value.js';

/** Any value of the value model: the codec makes nothing else, so there is nothing to check. Typed values are on disk in their JSON form. */
export const valueSchema = z.custom<Value>();
