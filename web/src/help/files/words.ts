import { inBoth } from "../../shared/words";

export const words = inBoth({
  add: { zh: "添加图片", en: "Add pictures" },
  files: { zh: "附件", en: "Files" },
  share: {
    zh: (name: string, percent: number) => `${name} 已上传 ${percent}%`,
    en: (name: string, percent: number) => `${name}, ${percent}% uploaded`,
  },
  remove: { zh: (name: string) => `移除 ${name}`, en: (name: string) => `Remove ${name}` },
  retry: { zh: "重试", en: "Retry" },
  tooLarge: {
    zh: (name: string, most: string) => `${name} 太大，没有上传。最大 ${most}。`,
    en: (name: string, most: string) =>
      `${name} is too large and was not uploaded. At most ${most}.`,
  },
  notTaken: {
    zh: (name: string, why: string) => `${name} 没有上传：${why}`,
    en: (name: string, why: string) => `${name} was not uploaded. ${why}`,
  },
  chooseAgain: {
    zh: (name: string) => `${name} 已过期，请重新选择。`,
    en: (name: string) => `${name} is no longer there: choose it again.`,
  },
  leftOut: {
    zh: (count: number, most: number) => `一条消息最多 ${most} 个文件，有 ${count} 个没有添加。`,
    en: (count: number, most: number) =>
      `A message takes ${most} files at most: ${count === 1 ? "one was" : `${count} were`} not added.`,
  },
  picture: { zh: "图片", en: "Picture" },
  video: { zh: "视频", en: "Video" },
  file: { zh: "文件", en: "File" },
  gone: { zh: "文件已不在。", en: "The file is gone." },
});
