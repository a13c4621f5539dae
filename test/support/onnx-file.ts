/** Writes ONNX files: names of element types, graphs and what they are made of. */
export const FLOAT = 1;
const INT8 = 3;
export const INT32 = 6;
export const INT64 = 7;

// Protocol buffers, as much of them as a graph needs; field numbers are those of onnx.proto.
const varint = (number: number): Buffer => {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
};
const field = (id: number, content: number | string | Buffer): Buffer => {
  if (typeof content === "number") return Buffer.concat([varint(id * 8), varint(content)]);
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return Buffer.concat([varint(id * 8 + 2), varint(bytes.length), bytes]);
};
/** A float of 32 bits. */
const fixed = (id: number, number: number): Buffer =>
  Buffer.concat([varint(id * 8 + 5), Buffer.from(Float32Array.of(number).buffer)]);
const message = (...fields: Buffer[]): Buffer => Buffer.concat(fields);

/** A graph as an ONNX file. @param opset version of the operators */
export const model = ({
  nodes,
  initializers = [],
  inputs,
  outputs,
  opset = 13,
}: Record<"nodes" | "inputs" | "outputs", Buffer[]> & { initializers?: Buffer[]; opset?: number }): Buffer =>
  message(
    field(1, 8),
    field(
      7,
      message(
        ...nodes.map((one) => field(1, one)),
        field(2, "tiny"),
        ...initializers.map((one) => field(5, one)),
        ...inputs.map((one) => field(11, one)),
        ...outputs.map((one) => field(12, one)),
      ),
    ),
    field(8, message(field(1, ""), field(2, opset))),
  );

export const node = (type: string, inputs: string[], outputs: string[], attributes: Buffer[]): Buffer =>
  message(
    ...inputs.map((name) => field(1, name)),
    ...outputs.map((name) => field(2, name)),
    field(4, type),
    ...attributes.map((one) => field(5, one)),
  );

export const int = (name: string, number: number): Buffer =>
  message(field(1, name), field(3, number), field(20, 2));
export const float = (name: string, number: number): Buffer =>
  message(field(1, name), fixed(2, number), field(20, 1));
export const ints = (name: string, numbers: number[]): Buffer =>
  message(field(1, name), ...numbers.map((number) => field(8, number)), field(20, 7));

export const tensor = (
  name: string,
  dims: number[],
  values: Float32Array | Int8Array | BigInt64Array,
): Buffer =>
  message(
    ...dims.map((size) => field(1, size)),
    field(2, values instanceof Float32Array ? FLOAT : values instanceof Int8Array ? INT8 : INT64),
    field(8, name),
    field(9, Buffer.from(values.buffer)),
  );

export const value = (name: string, type: number, dims: (number | string)[]): Buffer => {
  const shape = message(
    ...dims.map((size) => field(1, typeof size === "number" ? field(1, size) : field(2, size))),
  );
  return message(field(1, name), field(2, field(1, message(field(1, type), field(2, shape)))));
};
