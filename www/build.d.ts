declare module "*.css" {
  const text: string;
  export default text;
}

// svgcanvas has no types of its own; it draws as a canvas does.
declare module "svgcanvas/dist/svgcanvas.esm.js" {
  export class Context {
    constructor(options: { width: number; height: number });
    fillStyle: string;
    font: string;
    textAlign: string;
    textBaseline: string;
    __currentElement: Element;
    __closestGroupOrSvg(): Element;
    __createElement(name: string, properties: Record<string, string | number>, resetFill: boolean): Element;
    __applyTransformation(element: Element): void;
    __applyStyleToCurrentElement(action: "fill" | "stroke"): void;
    fillRect(x: number, y: number, w: number, h: number): void;
    putImageData(data: ImageData, x: number, y: number): void;
    drawImage(image: HTMLCanvasElement, x: number, y: number): void;
    getSerializedSvg(namedEntities?: boolean): string;
  }
}
