import { Directive } from '@angular/core';
import {
  Archive,
  ArrowDown,
  ArrowLeft,
  ArrowRight,
  ArrowUp,
  AtSign,
  Ban,
  Bell,
  BellOff,
  BellRing,
  Bot,
  Check,
  ChevronDown,
  ChevronRight,
  CircleAlert,
  CircleCheck,
  CircleDot,
  ClipboardList,
  Clock,
  Code,
  Compass,
  Copy,
  Crown,
  Download,
  Ellipsis,
  ExternalLink,
  Eye,
  EyeOff,
  File,
  FileText,
  Flag,
  GitBranch,
  GitCommitHorizontal,
  GitMerge,
  GitPullRequest,
  GitPullRequestClosed,
  Hammer,
  Hand,
  History,
  Hourglass,
  Info,
  KeyRound,
  Link,
  Lightbulb,
  ListTodo,
  Lock,
  LockOpen,
  LogIn,
  LogOut,
  Mail,
  Maximize2,
  Megaphone,
  MessageCircle,
  MessageSquare,
  MessagesSquare,
  Mic,
  MicOff,
  Minimize2,
  Monitor,
  Moon,
  PanelRight,
  Paperclip,
  Pause,
  Pencil,
  Pin,
  PinOff,
  Play,
  Plus,
  Radio,
  RefreshCw,
  Reply,
  Rows3,
  Rows4,
  Search,
  SearchCheck,
  SendHorizontal,
  Settings,
  Share2,
  Smile,
  SmilePlus,
  Sparkles,
  Sun,
  Trash2,
  Trophy,
  Upload,
  UserPlus,
  UserRound,
  UsersRound,
  VolumeX,
  Waves,
  WifiOff,
  X,
} from 'lucide';
import { Icon } from './icon';

@Directive({ selector: 'svg[lucideArchive]' })
export class LucideArchive extends Icon {
  protected override readonly drawing = Archive;
}

@Directive({ selector: 'svg[lucideArrowDown]' })
export class LucideArrowDown extends Icon {
  protected override readonly drawing = ArrowDown;
}

@Directive({ selector: 'svg[lucideArrowLeft]' })
export class LucideArrowLeft extends Icon {
  protected override readonly drawing = ArrowLeft;
}

@Directive({ selector: 'svg[lucideArrowRight]' })
export class LucideArrowRight extends Icon {
  protected override readonly drawing = ArrowRight;
}

@Directive({ selector: 'svg[lucideArrowUp]' })
export class LucideArrowUp extends Icon {
  protected override readonly drawing = ArrowUp;
}

@Directive({ selector: 'svg[lucideAtSign]' })
export class LucideAtSign extends Icon {
  protected override readonly drawing = AtSign;
}

@Directive({ selector: 'svg[lucideBan]' })
export class LucideBan extends Icon {
  protected override readonly drawing = Ban;
}

@Directive({ selector: 'svg[lucideBell]' })
export class LucideBell extends Icon {
  protected override readonly drawing = Bell;
}

@Directive({ selector: 'svg[lucideBellOff]' })
export class LucideBellOff extends Icon {
  protected override readonly drawing = BellOff;
}

@Directive({ selector: 'svg[lucideBellRing]' })
export class LucideBellRing extends Icon {
  protected override readonly drawing = BellRing;
}

@Directive({ selector: 'svg[lucideBot]' })
export class LucideBot extends Icon {
  protected override readonly drawing = Bot;
}

@Directive({ selector: 'svg[lucideCheck]' })
export class LucideCheck extends Icon {
  protected override readonly drawing = Check;
}

@Directive({ selector: 'svg[lucideChevronDown]' })
export class LucideChevronDown extends Icon {
  protected override readonly drawing = ChevronDown;
}

@Directive({ selector: 'svg[lucideChevronRight]' })
export class LucideChevronRight extends Icon {
  protected override readonly drawing = ChevronRight;
}

@Directive({ selector: 'svg[lucideCircleAlert]' })
export class LucideCircleAlert extends Icon {
  protected override readonly drawing = CircleAlert;
}

@Directive({ selector: 'svg[lucideCircleCheck]' })
export class LucideCircleCheck extends Icon {
  protected override readonly drawing = CircleCheck;
}

@Directive({ selector: 'svg[lucideCircleDot]' })
export class LucideCircleDot extends Icon {
  protected override readonly drawing = CircleDot;
}

@Directive({ selector: 'svg[lucideClipboardList]' })
export class LucideClipboardList extends Icon {
  protected override readonly drawing = ClipboardList;
}

@Directive({ selector: 'svg[lucideClock]' })
export class LucideClock extends Icon {
  protected override readonly drawing = Clock;
}

@Directive({ selector: 'svg[lucideCode]' })
export class LucideCode extends Icon {
  protected override readonly drawing = Code;
}

@Directive({ selector: 'svg[lucideCompass]' })
export class LucideCompass extends Icon {
  protected override readonly drawing = Compass;
}

@Directive({ selector: 'svg[lucideCopy]' })
export class LucideCopy extends Icon {
  protected override readonly drawing = Copy;
}

@Directive({ selector: 'svg[lucideCrown]' })
export class LucideCrown extends Icon {
  protected override readonly drawing = Crown;
}

@Directive({ selector: 'svg[lucideDownload]' })
export class LucideDownload extends Icon {
  protected override readonly drawing = Download;
}

@Directive({ selector: 'svg[lucideEllipsis]' })
export class LucideEllipsis extends Icon {
  protected override readonly drawing = Ellipsis;
}

@Directive({ selector: 'svg[lucideExternalLink]' })
export class LucideExternalLink extends Icon {
  protected override readonly drawing = ExternalLink;
}

@Directive({ selector: 'svg[lucideEye]' })
export class LucideEye extends Icon {
  protected override readonly drawing = Eye;
}

@Directive({ selector: 'svg[lucideEyeOff]' })
export class LucideEyeOff extends Icon {
  protected override readonly drawing = EyeOff;
}

@Directive({ selector: 'svg[lucideFile]' })
export class LucideFile extends Icon {
  protected override readonly drawing = File;
}

@Directive({ selector: 'svg[lucideFileText]' })
export class LucideFileText extends Icon {
  protected override readonly drawing = FileText;
}

@Directive({ selector: 'svg[lucideFlag]' })
export class LucideFlag extends Icon {
  protected override readonly drawing = Flag;
}

@Directive({ selector: 'svg[lucideGitBranch]' })
export class LucideGitBranch extends Icon {
  protected override readonly drawing = GitBranch;
}

@Directive({ selector: 'svg[lucideGitCommitHorizontal]' })
export class LucideGitCommitHorizontal extends Icon {
  protected override readonly drawing = GitCommitHorizontal;
}

@Directive({ selector: 'svg[lucideGitMerge]' })
export class LucideGitMerge extends Icon {
  protected override readonly drawing = GitMerge;
}

@Directive({ selector: 'svg[lucideGitPullRequest]' })
export class LucideGitPullRequest extends Icon {
  protected override readonly drawing = GitPullRequest;
}

@Directive({ selector: 'svg[lucideGitPullRequestClosed]' })
export class LucideGitPullRequestClosed extends Icon {
  protected override readonly drawing = GitPullRequestClosed;
}

@Directive({ selector: 'svg[lucideHammer]' })
export class LucideHammer extends Icon {
  protected override readonly drawing = Hammer;
}

@Directive({ selector: 'svg[lucideHand]' })
export class LucideHand extends Icon {
  protected override readonly drawing = Hand;
}

@Directive({ selector: 'svg[lucideHistory]' })
export class LucideHistory extends Icon {
  protected override readonly drawing = History;
}

@Directive({ selector: 'svg[lucideHourglass]' })
export class LucideHourglass extends Icon {
  protected override readonly drawing = Hourglass;
}

@Directive({ selector: 'svg[lucideInfo]' })
export class LucideInfo extends Icon {
  protected override readonly drawing = Info;
}

@Directive({ selector: 'svg[lucideKeyRound]' })
export class LucideKeyRound extends Icon {
  protected override readonly drawing = KeyRound;
}

@Directive({ selector: 'svg[lucideLink]' })
export class LucideLink extends Icon {
  protected override readonly drawing = Link;
}

@Directive({ selector: 'svg[lucideLightbulb]' })
export class LucideLightbulb extends Icon {
  protected override readonly drawing = Lightbulb;
}

@Directive({ selector: 'svg[lucideListTodo]' })
export class LucideListTodo extends Icon {
  protected override readonly drawing = ListTodo;
}

@Directive({ selector: 'svg[lucideLock]' })
export class LucideLock extends Icon {
  protected override readonly drawing = Lock;
}

@Directive({ selector: 'svg[lucideLockOpen]' })
export class LucideLockOpen extends Icon {
  protected override readonly drawing = LockOpen;
}

@Directive({ selector: 'svg[lucideLogIn]' })
export class LucideLogIn extends Icon {
  protected override readonly drawing = LogIn;
}

@Directive({ selector: 'svg[lucideLogOut]' })
export class LucideLogOut extends Icon {
  protected override readonly drawing = LogOut;
}

@Directive({ selector: 'svg[lucideMail]' })
export class LucideMail extends Icon {
  protected override readonly drawing = Mail;
}

@Directive({ selector: 'svg[lucideMaximize2]' })
export class LucideMaximize2 extends Icon {
  protected override readonly drawing = Maximize2;
}

@Directive({ selector: 'svg[lucideMegaphone]' })
export class LucideMegaphone extends Icon {
  protected override readonly drawing = Megaphone;
}

@Directive({ selector: 'svg[lucideMessageCircle]' })
export class LucideMessageCircle extends Icon {
  protected override readonly drawing = MessageCircle;
}

@Directive({ selector: 'svg[lucideMessageSquare]' })
export class LucideMessageSquare extends Icon {
  protected override readonly drawing = MessageSquare;
}

@Directive({ selector: 'svg[lucideMessagesSquare]' })
export class LucideMessagesSquare extends Icon {
  protected override readonly drawing = MessagesSquare;
}

@Directive({ selector: 'svg[lucideMic]' })
export class LucideMic extends Icon {
  protected override readonly drawing = Mic;
}

@Directive({ selector: 'svg[lucideMicOff]' })
export class LucideMicOff extends Icon {
  protected override readonly drawing = MicOff;
}

@Directive({ selector: 'svg[lucideMinimize2]' })
export class LucideMinimize2 extends Icon {
  protected override readonly drawing = Minimize2;
}

@Directive({ selector: 'svg[lucideMonitor]' })
export class LucideMonitor extends Icon {
  protected override readonly drawing = Monitor;
}

@Directive({ selector: 'svg[lucideMoon]' })
export class LucideMoon extends Icon {
  protected override readonly drawing = Moon;
}

@Directive({ selector: 'svg[lucidePanelRight]' })
export class LucidePanelRight extends Icon {
  protected override readonly drawing = PanelRight;
}

@Directive({ selector: 'svg[lucidePaperclip]' })
export class LucidePaperclip extends Icon {
  protected override readonly drawing = Paperclip;
}

@Directive({ selector: 'svg[lucidePause]' })
export class LucidePause extends Icon {
  protected override readonly drawing = Pause;
}

@Directive({ selector: 'svg[lucidePencil]' })
export class LucidePencil extends Icon {
  protected override readonly drawing = Pencil;
}

@Directive({ selector: 'svg[lucidePin]' })
export class LucidePin extends Icon {
  protected override readonly drawing = Pin;
}

@Directive({ selector: 'svg[lucidePinOff]' })
export class LucidePinOff extends Icon {
  protected override readonly drawing = PinOff;
}

@Directive({ selector: 'svg[lucidePlay]' })
export class LucidePlay extends Icon {
  protected override readonly drawing = Play;
}

@Directive({ selector: 'svg[lucidePlus]' })
export class LucidePlus extends Icon {
  protected override readonly drawing = Plus;
}

@Directive({ selector: 'svg[lucideRadio]' })
export class LucideRadio extends Icon {
  protected override readonly drawing = Radio;
}

@Directive({ selector: 'svg[lucideRefreshCw]' })
export class LucideRefreshCw extends Icon {
  protected override readonly drawing = RefreshCw;
}

@Directive({ selector: 'svg[lucideReply]' })
export class LucideReply extends Icon {
  protected override readonly drawing = Reply;
}

@Directive({ selector: 'svg[lucideRows3]' })
export class LucideRows3 extends Icon {
  protected override readonly drawing = Rows3;
}

@Directive({ selector: 'svg[lucideRows4]' })
export class LucideRows4 extends Icon {
  protected override readonly drawing = Rows4;
}

@Directive({ selector: 'svg[lucideSearch]' })
export class LucideSearch extends Icon {
  protected override readonly drawing = Search;
}

@Directive({ selector: 'svg[lucideSearchCheck]' })
export class LucideSearchCheck extends Icon {
  protected override readonly drawing = SearchCheck;
}

@Directive({ selector: 'svg[lucideSendHorizontal]' })
export class LucideSendHorizontal extends Icon {
  protected override readonly drawing = SendHorizontal;
}

@Directive({ selector: 'svg[lucideSettings]' })
export class LucideSettings extends Icon {
  protected override readonly drawing = Settings;
}

@Directive({ selector: 'svg[lucideShare2]' })
export class LucideShare2 extends Icon {
  protected override readonly drawing = Share2;
}

@Directive({ selector: 'svg[lucideSmile]' })
export class LucideSmile extends Icon {
  protected override readonly drawing = Smile;
}

@Directive({ selector: 'svg[lucideSmilePlus]' })
export class LucideSmilePlus extends Icon {
  protected override readonly drawing = SmilePlus;
}

@Directive({ selector: 'svg[lucideSparkles]' })
export class LucideSparkles extends Icon {
  protected override readonly drawing = Sparkles;
}

@Directive({ selector: 'svg[lucideSun]' })
export class LucideSun extends Icon {
  protected override readonly drawing = Sun;
}

@Directive({ selector: 'svg[lucideTrash2]' })
export class LucideTrash2 extends Icon {
  protected override readonly drawing = Trash2;
}

@Directive({ selector: 'svg[lucideTrophy]' })
export class LucideTrophy extends Icon {
  protected override readonly drawing = Trophy;
}

@Directive({ selector: 'svg[lucideUpload]' })
export class LucideUpload extends Icon {
  protected override readonly drawing = Upload;
}

@Directive({ selector: 'svg[lucideUserPlus]' })
export class LucideUserPlus extends Icon {
  protected override readonly drawing = UserPlus;
}

@Directive({ selector: 'svg[lucideUserRound]' })
export class LucideUserRound extends Icon {
  protected override readonly drawing = UserRound;
}

@Directive({ selector: 'svg[lucideUsersRound]' })
export class LucideUsersRound extends Icon {
  protected override readonly drawing = UsersRound;
}

@Directive({ selector: 'svg[lucideVolumeX]' })
export class LucideVolumeX extends Icon {
  protected override readonly drawing = VolumeX;
}

@Directive({ selector: 'svg[lucideWaves]' })
export class LucideWaves extends Icon {
  protected override readonly drawing = Waves;
}

@Directive({ selector: 'svg[lucideWifiOff]' })
export class LucideWifiOff extends Icon {
  protected override readonly drawing = WifiOff;
}

@Directive({ selector: 'svg[lucideX]' })
export class LucideX extends Icon {
  protected override readonly drawing = X;
}
