// Plays the tracks of a task in sync. The sandbox sends uncompressed samples in chunks of a few seconds, for files of any format. Each chunk
// is scheduled on the audio clock, so the tracks stay in sync to the sample, and memory does not depend on their length.

import { readBytes } from "./api.js";

const partSeconds = 4;
const ahead = 2 * partSeconds;
const levelRange = 60;

export class Player {
  #context = null;
  #master = null;
  #startedAt = 0;
  #offset = 0;
  #run = 0;
  #timer = 0;

  /** @param tracks Each { key, sampleRate, channels, frames, muted, solo }. */
  constructor(taskId, tracks) {
    this.taskId = taskId;
    this.tracks = tracks;
    this.playing = false;
    this.duration = Math.max(...tracks.map(track => track.frames / track.sampleRate));
  }

  /** The position in seconds. */
  get position() {
    return this.playing ? Math.min(this.duration, Math.max(this.#offset, this.#offset + this.#context.currentTime - this.#startedAt)) : this.#offset;
  }

  get ended() {
    return this.position >= this.duration;
  }

  async play() {
    this.#open();
    await this.#context.resume();
    const run = ++this.#run;
    this.#offset = this.ended ? 0 : this.#offset;
    for (const track of this.tracks) {
      track.nextFrame = Math.floor(this.#offset * track.sampleRate);
      track.sources = new Set();
    }

    // All tracks have a chunk before playback starts.
    const first = await Promise.all(this.tracks.map(track => this.#load(track)));
    if (run === this.#run) {
      this.playing = true;
      this.#startedAt = this.#context.currentTime + 0.06;
      this.tracks.forEach((track, index) => this.#schedule(track, first[index]));
      this.#timer = setInterval(() => this.#fill(run), 500);
      await this.#fill(run);
    }
  }

  pause() {
    this.#offset = this.ended ? this.duration : this.position;
    this.playing = false;
    this.#run++;
    clearInterval(this.#timer);
    for (const track of this.tracks) {
      track.sources?.forEach(source => source.stop());
      track.sources?.clear();
    }
  }

  async seek(seconds) {
    const wasPlaying = this.playing;
    this.pause();
    this.#offset = Math.min(this.duration, Math.max(0, seconds));
    if (wasPlaying && !this.ended) {
      await this.play();
    }
  }

  async close() {
    this.pause();
    await this.#context?.close();
    this.#context = null;
  }

  /** Whether a track is audible. If any track is solo, only solo tracks are. */
  isAudible(track) {
    return this.tracks.some(each => each.solo) ? track.solo : !track.muted;
  }

  /** Applies the mute and solo settings. */
  mix() {
    for (const track of this.tracks) {
      track.gain?.gain.setTargetAtTime(this.isAudible(track) ? 1 : 0, this.#context.currentTime, 0.01);
    }
  }

  /** The level of a track, from 0 to 1 over a range of 60 dB. */
  level(track) {
    return this.playing && track.analyser ? measure(track.analyser) : 0;
  }

  #open() {
    if (this.#context) {
      return;
    }

    this.#context = new AudioContext({ sampleRate: this.tracks[0].sampleRate });
    this.#master = this.#context.createGain();
    this.#master.connect(this.#context.destination);
    for (const track of this.tracks) {
      track.gain = this.#context.createGain();
      track.gain.gain.value = this.isAudible(track) ? 1 : 0;
      track.analyser = this.#context.createAnalyser();
      track.analyser.fftSize = 2048;
      track.gain.connect(track.analyser).connect(this.#master);
    }
  }

  /** Reads the next chunk of a track. */
  async #load(track) {
    const first = track.nextFrame;
    const count = Math.min(partSeconds * track.sampleRate, track.frames - first);
    track.nextFrame += Math.max(0, count);
    if (count <= 0) {
      return null;
    }

    const samples = new Int16Array(await readBytes(`tasks/${this.taskId}/${track.key}/samples?first=${first}&count=${count}`));
    const buffer = this.#context.createBuffer(track.channels, samples.length / track.channels, track.sampleRate);
    for (let channel = 0; channel < track.channels; channel++) {
      const target = buffer.getChannelData(channel);
      for (let frame = 0; frame < target.length; frame++) {
        target[frame] = samples[frame * track.channels + channel] / 32768;
      }
    }

    return { buffer, at: first / track.sampleRate };
  }

  #schedule(track, part) {
    if (!part) {
      return;
    }

    const source = this.#context.createBufferSource();
    source.buffer = part.buffer;
    source.connect(track.gain);
    source.onended = () => track.sources.delete(source);
    track.sources.add(source);

    // A late chunk skips the samples that should have been played already.
    const due = this.#startedAt + part.at - this.#offset;
    const late = Math.max(0, this.#context.currentTime - due);
    source.start(due + late, late);
  }

  async #fill(run) {
    await Promise.all(this.tracks.map(async track => {
      while (run === this.#run && !track.loading && track.nextFrame < track.frames && track.nextFrame / track.sampleRate < this.position + ahead) {
        track.loading = true;
        try {
          const part = await this.#load(track);
          if (run === this.#run) {
            this.#schedule(track, part);
          }
        } finally {
          track.loading = false;
        }
      }
    }));
  }
}

function measure(analyser) {
  const samples = new Float32Array(analyser.fftSize);
  analyser.getFloatTimeDomainData(samples);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return power > 0 ? Math.min(1, Math.max(0, 1 + 10 * Math.log10(power) / levelRange)) : 0;
}
