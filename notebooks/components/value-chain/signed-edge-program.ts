import { EdgeProgram } from "npm:sigma/rendering";
import type { EdgeDisplayData, NodeDisplayData, RenderParams } from "npm:sigma/types";
import { floatColor } from "npm:sigma/utils";

/**
 * All geometry in pixels of the screen: a body from centre to the head's base, and a head that ends at the rim of the
 * target. `a_part` is (how far along, side, 1 for the head).
 */
const VERTEX_SHADER = /* glsl */ `
attribute vec2 a_start;
attribute vec2 a_end;
attribute vec4 a_color;
attribute float a_radius;
attribute float a_thickness;
attribute vec3 a_part;
uniform mat3 u_matrix;
uniform vec2 u_viewport;
uniform float u_sizeRatio;
varying vec4 v_color;
varying float v_along;
varying float v_side;
varying float v_half;

void main() {
  vec2 start = (u_matrix * vec3(a_start, 1.0)).xy * u_viewport * 0.5;
  vec2 end = (u_matrix * vec3(a_end, 1.0)).xy * u_viewport * 0.5;
  float span = length(end - start);
  vec2 along = span > 0.0 ? (end - start) / span : vec2(1.0, 0.0);
  float thickness = max(a_thickness / sqrt(u_sizeRatio), 1.0);
  float head = 4.0 + 3.0 * thickness;
  float rim = max(span - a_radius / u_sizeRatio - 1.0, 0.0);
  float base = max(rim - head, 0.0);
  float half_width = a_part.z > 0.5 ? head * 0.42 : thickness * 0.5 + 0.5;
  float at = a_part.z > 0.5 ? mix(base, rim, a_part.x) : base * a_part.x;
  vec2 place = start + along * at + vec2(-along.y, along.x) * a_part.y * half_width;
  gl_Position = vec4(place / (u_viewport * 0.5), 0.0, 1.0);
  v_color = a_color * vec4(1.0, 1.0, 1.0, 255.0 / 254.0);
  v_along = a_part.z > 0.5 ? 0.0 : at;
  v_side = a_part.y * half_width;
  v_half = half_width;
}`;

const FRAGMENT_SHADER = /* glsl */ `
precision mediump float;
uniform vec2 u_dash;
varying vec4 v_color;
varying float v_along;
varying float v_side;
varying float v_half;

void main() {
  if (u_dash.y > 0.0 && mod(v_along, u_dash.x + u_dash.y) > u_dash.x) discard;
  float cover = clamp(v_half - abs(v_side), 0.0, 1.0);
  gl_FragColor = vec4(v_color.rgb, 1.0) * v_color.a * cover;
}`;

const BODY = [
  [0, 1, 0],
  [0, -1, 0],
  [1, 1, 0],
  [1, 1, 0],
  [0, -1, 0],
  [1, -1, 0],
];
const HEAD = [
  [0, 1, 1],
  [0, -1, 1],
  [1, 0, 1],
];
/** WebGL's own numbers: the constants stand on a class that a browser without WebGL may lack. */
const [TRIANGLES, UNSIGNED_BYTE, FLOAT] = [4, 5121, 5126];

type Uniform = "u_matrix" | "u_viewport" | "u_sizeRatio" | "u_dash";

/** Straight arrows, drawn through or in dashes of `[dash, gap]` pixels that keep their length at every zoom. */
export function signedEdgeProgram([dash, gap]: readonly [number, number] = [1, 0]) {
  return class SignedEdgeProgram extends EdgeProgram<Uniform> {
    override getDefinition() {
      return {
        VERTICES: 9,
        VERTEX_SHADER_SOURCE: VERTEX_SHADER,
        FRAGMENT_SHADER_SOURCE: FRAGMENT_SHADER,
        METHOD: TRIANGLES as number,
        UNIFORMS: ["u_matrix", "u_viewport", "u_sizeRatio", "u_dash"] as const,
        ATTRIBUTES: [
          { name: "a_start", size: 2, type: FLOAT as number },
          { name: "a_end", size: 2, type: FLOAT as number },
          { name: "a_color", size: 4, type: UNSIGNED_BYTE as number, normalized: true },
          { name: "a_radius", size: 1, type: FLOAT as number },
          { name: "a_thickness", size: 1, type: FLOAT as number },
        ],
        CONSTANT_ATTRIBUTES: [{ name: "a_part", size: 3, type: FLOAT as number }],
        CONSTANT_DATA: [...BODY, ...HEAD],
      };
    }

    override processVisibleItem(
      _edge: number,
      offset: number,
      source: NodeDisplayData,
      target: NodeDisplayData,
      { color, size }: EdgeDisplayData,
    ): void {
      this.array.set([source.x, source.y, target.x, target.y, floatColor(color), target.size, size], offset);
    }

    override setUniforms(
      { matrix, width, height, sizeRatio }: RenderParams,
      { gl, uniformLocations }: { gl: WebGLRenderingContext; uniformLocations: Record<Uniform, WebGLUniformLocation> },
    ): void {
      gl.uniformMatrix3fv(uniformLocations.u_matrix, false, matrix);
      gl.uniform2f(uniformLocations.u_viewport, width, height);
      gl.uniform1f(uniformLocations.u_sizeRatio, sizeRatio);
      gl.uniform2f(uniformLocations.u_dash, dash, gap);
    }
  };
}
