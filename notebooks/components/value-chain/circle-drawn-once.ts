import type Sigma from "npm:sigma";
import { NodeCircleProgram } from "npm:sigma/rendering";

/**
 * sigma finds what is pointed at by drawing all nodes twice in each frame and reading pixels back. Looking for it among
 * the nodes' places costs nothing until something is pointed at.
 */
export class CircleDrawnOnce extends NodeCircleProgram {
  constructor(gl: WebGLRenderingContext, _picking: WebGLFramebuffer | null, renderer: Sigma) {
    super(gl, null, renderer);
  }
}
