// The few sentences that only a script says, in both languages.
const english: Record<string, string> = {
  "Đang lưu…": "Saving…",
  "Đã lưu nháp lúc {0}": "Draft saved at {0}",
  "Mất mạng không mất chữ đã gõ.": "A lost connection loses nothing typed.",
  "Có ô vừa được ghi khác ở nơi khác. Chọn chữ để giữ.": "Something was just answered otherwise elsewhere. Choose the text to keep.",
  "Ô trên được ghi khác lúc {0}, ở một trang hay máy khác.": "The field above was answered otherwise at {0}, on another page or device.",
  "Ở nơi kia: {0}": "There: {0}",
  "Ở đây: {0}": "Here: {0}",
  "để trống": "left empty",
  "Lấy chữ ở nơi kia": "Take the other text",
  "Giữ chữ ở đây": "Keep the text here",
  "Có mạng lại là tự gửi. Đừng đóng trang này.": "Sent as soon as the network is back. Keep this page open.",
  "Chưa lưu lên máy chủ, còn trên máy này": "Not saved on the server yet, kept on this device",
  "Phiên đã hết. Chữ đã gõ còn trên máy này.": "Your session is over. What you typed is kept on this device.",
  "Hồ sơ này đã nộp ở nơi khác. Tải lại trang để xem.": "This dossier was filed elsewhere. Reload the page to see it.",
  "Đăng nhập lại": "Sign in again",
  "Trên máy này còn bản chưa gửi, giữ lúc {0}.": "This device still holds an unsent copy from {0}.",
  "Lấy lại": "Restore",
  "Bỏ đi": "Discard",
  "Đang mất mạng từ {0}.": "Offline since {0}.",
  "Bạn cứ điền tiếp, {0} ô đang giữ trên máy này và tự gửi khi có mạng.": "Keep going: {0} fields are kept on this device and sent when the network is back.",
  "Gửi khi có mạng": "Send when online",
  "Phiên làm việc hết sau 5 phút": "Your session ends in 5 minutes",
  "Chữ đã gõ được giữ.": "What you typed is kept.",
  "Ở lại": "Stay",
  "Đang gửi": "Sending",
  "Đang gửi {0}": "Sending {0}",
  "Đã nhận đủ": "Received",
  "Chưa nhận": "Not received",
  "Đang đợi mạng": "Waiting for the network",
  "{0} trên {1}": "{0} of {1}",
  "{0} trên {1}, còn khoảng {2}": "{0} of {1}, about {2} left",
  "{0} giây": "{0} s",
  "{0} phút": "{0} min",
  "Đang gửi tệp, xong thì tự sang trang.": "Files are on their way; the page goes on by itself when they are here.",
  "mã kiểm": "checksum",
  "Dừng": "Stop",
  "Gửi tiếp": "Resume",
  "Gỡ": "Remove",
  "Tệp này {0}, tối đa {1}. Chụp lại ở cỡ nhỏ hơn.": "This file is {0}, the limit is {1}. Take a smaller picture.",
  "Tệp này rỗng. Chọn lại tệp có nội dung.": "This file is empty. Choose one with content.",
  "Ảnh có vẻ mờ. Xem lại, nếu không đọc được chữ thì chụp lại.": "The picture looks blurred. Check it, and take it again if the text cannot be read.",
  "Mã kiểm không khớp, tệp bị hỏng trên đường. Gỡ rồi gửi lại.": "The checksum differs, the file was damaged on its way. Remove it and send again.",
  "Máy chủ không nhận tệp này.": "The server did not take this file.",
  "Còn {0} phút": "{0} min left",
  "Quá {0} phút": "{0} min late",
  "Đã chọn {0} hồ sơ": "{0} dossiers chosen",
  "Mọi phím": "All keys",
  "xuống, lên trong danh sách": "down, up in the list",
  "chọn dòng": "choose the row",
  "mở dòng": "open the row",
  "tìm": "search",
  "về hồ sơ của quầy": "to the desk's dossiers",
  "đóng, ra khỏi ô": "close, leave the field",
  "bảng phím này": "this list of keys",
  "Tắt phím chữ": "Switch letter keys off",
  "Bật phím chữ": "Switch letter keys on",
  "Đóng": "Close",
};

const isEnglish = document.documentElement.lang === "en";

/** Says a sentence in the language of the page. */
export function say(key: string, ...values: (string | number)[]): string {
  const text = isEnglish ? (english[key] ?? key) : key;
  return text.replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)] ?? ""));
}

/** The hour: 14:27. */
export function hour(at: Date = new Date()): string {
  return `${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
}

/** A size as people read it, as the server writes it. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes}\u00a0B`;
  if (bytes < 999500) return `${Math.round(bytes / 1000)}\u00a0kB`;
  const mb = bytes < 99500000 ? (bytes / 1e6).toFixed(1).replace(/\.0$/, "") : String(Math.round(bytes / 1e6));
  return `${isEnglish ? mb : mb.replace(".", ",")}\u00a0MB`;
}
