import { examine } from './accessibility.js';
import { PLACES_AROUND_ROOMS } from './places.js';

examine('every page and state around rooms', PLACES_AROUND_ROOMS);
