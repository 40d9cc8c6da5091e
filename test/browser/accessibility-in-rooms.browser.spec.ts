import { examine } from './accessibility.js';
import { PLACES_IN_ROOMS } from './places.js';

examine('every page and state of a room', PLACES_IN_ROOMS);
