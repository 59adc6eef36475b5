/** The drawing of charts. Only `chart.tsx` loads it, when the first chart comes into sight. */
import { BarChart, CandlestickChart, HeatmapChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import type { Format } from '../../i18n/format.ts'
import type { ChartData } from './data.ts'

use([AriaComponent, BarChart, CandlestickChart, CanvasRenderer, GridComponent, HeatmapChart, LegendComponent, LineChart, TooltipComponent, VisualMapComponent])

export interface Drawing {
  draw(data: ChartData, options: DrawingOptions): void
  resize(): void
  end(): void
}

export interface DrawingOptions {
  readonly title: string
  readonly unit: string
  readonly format: Pick<Format, 'number'>
  readonly dark: boolean
}

/** Okabe and Ito's colours, which also those tell apart who do not see red or green; on a dark ground the black one is white. */
const colours = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#D55E00', '#56B4E9', '#F0E442']
/** From little to much; light and dark alone tell it. */
const ramps = { light: ['#f1f3f5', '#a5c8e1', '#4a90c0', '#0b4f82'], dark: ['#2b2f36', '#1f5a85', '#4a9fd8', '#c8e6fa'] }
const dashes = ['solid', 'dashed', 'dotted'] as const

export function drawOn(place: HTMLElement): Drawing {
  const chart = init(place)
  return {
    draw: (data, options) => chart.setOption(optionOf(data, options, place), { notMerge: true }),
    resize: () => chart.resize(),
    end: () => chart.dispose(),
  }
}

function optionOf(data: ChartData, { title, unit, format, dark }: DrawingOptions, place: HTMLElement): EChartsCoreOption {
  const style = getComputedStyle(place)
  const ink = style.getPropertyValue('--mantine-color-text')
  const pale = style.getPropertyValue('--mantine-color-default-border')
  const ground = style.getPropertyValue('--mantine-color-body')
  const number = (value: unknown) => (typeof value === 'number' ? `${format.number(value)} ${unit}` : '–')
  const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: pale } }, splitLine: { lineStyle: { color: pale } }, nameTextStyle: { color: ink } }
  const common = {
    animation: false,
    textStyle: { fontFamily: style.fontFamily, color: ink },
    color: colours,
    aria: { enabled: true, label: { description: title } },
    tooltip: {
      trigger: data.kind === 'heat' ? 'item' : 'axis',
      renderMode: 'richText',
      backgroundColor: ground,
      borderColor: pale,
      textStyle: { color: ink },
      ...(data.kind === 'heat'
        ? { formatter: ({ value }: { value: [number, number, number] }) => `${data.y[value[1]]} · ${data.x[value[0]]}: ${number(value[2])}` }
        : { valueFormatter: number }),
    },
  }
  if (data.kind === 'heat') {
    const cells = data.values.flatMap((row, y) => row.flatMap((value, x) => (value === null ? [] : [[x, y, value]])))
    const most = Math.max(1, ...cells.map(([, , value]) => value ?? 0))
    return {
      ...common,
      grid: { left: 8, right: 8, top: 8, bottom: 48, containLabel: true },
      xAxis: { ...axis, type: 'category', data: data.x, name: data.xLabel },
      yAxis: { ...axis, type: 'category', data: data.y, inverse: true },
      visualMap: {
        min: 0,
        max: most,
        calculable: false,
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemHeight: 120,
        itemWidth: 12,
        textStyle: { color: ink },
        text: [format.number(most), '0'],
        inRange: { color: ramps[dark ? 'dark' : 'light'] },
      },
      series: [{ type: 'heatmap', data: cells, itemStyle: { borderColor: ground, borderWidth: 1 }, emphasis: { itemStyle: { borderColor: ink } } }],
    }
  }
  if (data.kind === 'waterfall') {
    const [rises, falls] = [colours[0], colours[4]]
    return {
      ...common,
      tooltip: { ...common.tooltip, formatter: ([{ dataIndex }]: [{ dataIndex: number }]) => told(data.steps[dataIndex], format, unit) },
      grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
      xAxis: {
        ...axis,
        // Every name is read: it breaks where its column ends.
        axisLabel: { color: ink, interval: 0, width: (place.clientWidth - 48) / data.steps.length, overflow: 'break', lineHeight: 15 },
        type: 'category',
        data: data.steps.map(({ name }) => name),
      },
      yAxis: { ...axis, type: 'value', name: unit, nameLocation: 'end', axisLabel: { color: ink, formatter: (value: number) => format.number(value) } },
      // A box from where a step begins to where it ends; what lowers the total is hollow.
      series: [
        {
          type: 'candlestick',
          data: data.steps.map(({ from, to }) => [from, to, Math.min(from, to), Math.max(from, to)]),
          itemStyle: { color: rises, borderColor: rises, color0: ground, borderColor0: falls, borderWidth: 2 },
          barMaxWidth: 56,
        },
      ],
    }
  }
  const counts = data.series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value)))
  return {
    ...common,
    // The unit stands over the axis, the legend over the unit.
    grid: { left: 8, right: 40, top: data.series.length > 1 ? 60 : 32, bottom: 8, containLabel: true },
    legend: data.series.length > 1 ? { top: 0, left: 0, textStyle: { color: ink }, inactiveColor: pale } : undefined,
    xAxis: { ...axis, axisLabel: { color: ink, hideOverlap: true }, type: 'category', data: data.x, boundaryGap: data.kind !== 'line' },
    yAxis: {
      ...axis,
      type: 'value',
      minInterval: counts ? 1 : 0,
      name: unit,
      nameLocation: 'end',
      axisLabel: { color: ink, formatter: (value: number) => format.number(value) },
    },
    series: data.series.map(({ name, values }, at) => ({
      name,
      data: values,
      type: data.kind === 'line' ? 'line' : 'bar',
      ...(data.kind === 'stacked' ? { stack: 'all' } : {}),
      // A second sign beside the colour.
      ...(data.kind === 'line'
        ? { symbol: 'circle', symbolSize: 4, showSymbol: values.length < 60, lineStyle: { type: dashes[at % dashes.length], width: 2 } }
        : { barMaxWidth: 40 }),
    })),
  }
}

function told(step: { readonly name: string; readonly from: number; readonly to: number } | undefined, format: DrawingOptions['format'], unit: string): string {
  return step === undefined ? '' : `${step.name}: ${step.to >= step.from ? '+' : ''}${format.number(step.to - step.from)} → ${format.number(step.to)} ${unit}`
}
