import { averageClassSize } from '../quality/average-class-size.ts'
import { classificationAccuracy } from '../quality/classification.ts'
import { discernibility } from '../quality/discernibility.ts'
import { klDivergence } from '../quality/kl-divergence.ts'
import { loss } from '../quality/loss.ts'
import { nonUniformEntropy } from '../quality/non-uniform-entropy.ts'
import { precision } from '../quality/precision.ts'
import type { QualityModel } from '../quality/quality.ts'
import type { Plan } from './schema.ts'

/** The measure that a plan names. */
export function qualityOf({ quality, quality_target = '' }: Pick<Plan, 'quality' | 'quality_target'>): QualityModel {
  switch (quality) {
    case 'loss':
      return loss
    case 'precision':
      return precision
    case 'discernibility':
      return discernibility
    case 'average_class_size':
      return averageClassSize
    case 'non_uniform_entropy':
      return nonUniformEntropy
    case 'kl_divergence':
      return klDivergence
    case 'classification_accuracy':
      return classificationAccuracy(quality_target)
  }
}
